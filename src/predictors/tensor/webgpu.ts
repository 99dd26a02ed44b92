/** WebGPU through Dawn, for inference: any GPU with a Vulkan, Metal or Direct3D driver, without CUDA. */
import { BackendMissing } from "./backend.ts";
import type { Opened, TensorsOptions } from "./tensors.ts";

export async function openWebgpu({ purpose }: TensorsOptions): Promise<Opened> {
  if (purpose === "training") throw new BackendMissing("not used for training", "");
  throw new BackendMissing(
    "not installed",
    "npm install --no-save --ignore-scripts webgpu@0.6.2 @tensorflow/tfjs-backend-webgpu@4.22.0",
  );
}
