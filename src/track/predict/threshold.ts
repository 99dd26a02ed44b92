/**
 * Rather no answer than one that is likely wrong: an answer with less confidence than the environment asks for is abstained from. The reason
 * tells ignorance from doubt: `novel` where no step with such an action was learnt from, else `low-confidence`.
 */
import type { Prediction, Predictor } from "../../predictors/predictor.ts";

export function aboveThreshold(prediction: Prediction, confidenceMin: number): Prediction {
  if (prediction.status !== "answered" || prediction.confidence === null || prediction.confidence >= confidenceMin)
    return prediction;
  return { status: "abstained", reason: prediction.novel === true ? "novel" : "low-confidence" };
}

/** The same predictor, silent below the threshold. */
export function withThreshold(predictor: Predictor, confidenceMin: number): Predictor {
  if (confidenceMin <= 0) return predictor;
  return {
    ...predictor,
    predict: (situation) => aboveThreshold(predictor.predict(situation), confidenceMin),
  };
}
