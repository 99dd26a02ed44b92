import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Everything that topics hold, read committed by Kafka's own client, as lines of tab-separated fields. Arguments: brokers, file, topics with
 * commas between, groups with commas between. Lines:
 *   record TOPIC PARTITION OFFSET TIMESTAMP KEY VALUE      key and value in base 64, - for null
 *   end TOPIC PARTITION STABLE HIGH                        the end of what is decided, and of all
 *   committed GROUP TOPIC PARTITION OFFSET
 */
public final class Dump {
  private static final Duration WAIT = Duration.ofMillis(500);
  private static final long DEADLINE_MS = 120_000;

  public static void main(String[] args) throws Exception {
    String brokers = args[0];
    List<String> topics = Arrays.asList(args[2].split(","));
    try (BufferedWriter out = Files.newBufferedWriter(Path.of(args[1]));
        KafkaConsumer<byte[], byte[]> committed = consumer(brokers, "read_committed");
        KafkaConsumer<byte[], byte[]> all = consumer(brokers, "read_uncommitted")) {
      List<TopicPartition> places = new ArrayList<>();
      for (String topic : topics) {
        committed.partitionsFor(topic).forEach(one -> places.add(new TopicPartition(topic, one.partition())));
      }
      Map<TopicPartition, Long> high = all.endOffsets(places);
      Map<TopicPartition, Long> stable = committed.endOffsets(places);
      committed.assign(places);
      committed.seekToBeginning(places);
      long deadline = System.currentTimeMillis() + DEADLINE_MS;
      while (!isAtEnd(committed, stable)) {
        if (System.currentTimeMillis() > deadline) throw new IllegalStateException("the topics do not end");
        for (ConsumerRecord<byte[], byte[]> record : committed.poll(WAIT)) write(out, record);
      }
      for (TopicPartition place : places) {
        out.write(String.join("\t", "end", place.topic(), "" + place.partition(), "" + stable.get(place), "" + high.get(place)));
        out.newLine();
      }
      offsets(out, brokers, args[3].split(","));
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String brokers, String isolation) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", brokers);
    properties.put("isolation.level", isolation);
    properties.put("enable.auto.commit", "false");
    properties.put("auto.offset.reset", "earliest");
    properties.put("max.poll.records", "5000");
    return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static boolean isAtEnd(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      if (consumer.position(end.getKey()) < end.getValue()) return false;
    }
    return true;
  }

  private static void write(BufferedWriter out, ConsumerRecord<byte[], byte[]> record) throws IOException {
    out.write(
        String.join(
            "\t",
            "record",
            record.topic(),
            "" + record.partition(),
            "" + record.offset(),
            "" + record.timestamp(),
            text(record.key()),
            text(record.value())));
    out.newLine();
  }

  private static String text(byte[] bytes) {
    return bytes == null ? "-" : Base64.getEncoder().encodeToString(bytes);
  }

  private static void offsets(BufferedWriter out, String brokers, String[] groups) throws Exception {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", brokers);
    try (Admin admin = Admin.create(properties)) {
      for (String group : groups) {
        var found = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        for (var one : found.entrySet()) {
          if (one.getValue() == null) continue;
          TopicPartition place = one.getKey();
          out.write(
              String.join("\t", "committed", group, place.topic(), "" + place.partition(), "" + one.getValue().offset()));
          out.newLine();
        }
      }
    }
  }
}
