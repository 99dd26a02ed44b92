/**
 * What a native build is made of, by version and SHA-256 (those of the public Python package index). The shared libraries in a wheel do not
 * depend on its version of Python; the one for 3.11 is taken. A wheel is a zip file: no Python is needed.
 */
export interface Wheel {
  readonly name: string;
  readonly version: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export const tensorflow = "2.20.0";

/** Installed without their scripts; exact, because the addon's sources are in the first. */
export const npmPackages = {
  api: "node-api-headers@1.9.0",
  tfjs: "4.22.0",
  // Versions of webgpu between 0.4.0 and this one need a newer C++ library than Debian 12 has.
  webgpu: ["webgpu@0.6.2", "@tensorflow/tfjs-backend-webgpu@4.22.0", "@tensorflow/tfjs@4.22.0"],
} as const;

const x64 = "cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl";

const cpuX64: Wheel = {
  name: "tensorflow-cpu",
  version: tensorflow,
  file: `tensorflow_cpu-${tensorflow}-${x64}`,
  bytes: 258_876_263,
  sha256: "cf756bbe2d256e942ab5d0ad2c858fb40017581494febdb4387c149b1afde780",
};

/** The one without CUDA is called `tensorflow` on arm64. */
const cpuArm64: Wheel = {
  name: "tensorflow",
  version: tensorflow,
  file: `tensorflow-${tensorflow}-cp311-cp311-manylinux_2_17_aarch64.manylinux2014_aarch64.whl`,
  bytes: 259_465_882,
  sha256: "3e9568c8efcb05c0266be223e3269c62ebf7ad3498f156438311735f6fa5ced5",
};

const gpuX64: Wheel = {
  name: "tensorflow",
  version: tensorflow,
  file: `tensorflow-${tensorflow}-${x64}`,
  bytes: 620_570_129,
  sha256: "481499fd0f824583de8945be61d5e827898cdaa4f5ea1bc2cc28ca2ccff8229e",
};

/**
 * CUDA 12.5 and cuDNN 9.3: the lowest versions of TensorFlow's own extra `and-cuda`, those that it was built with. Of that list
 * `nvidia-curand-cu12` and `nvidia-nccl-cu12` are left out: the libraries never load them.
 */
const cuda: readonly Wheel[] = [
  nvidia("cublas", "12.5.3.2", 363_313_169, "ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b"),
  nvidia("cuda-cupti", "12.5.82", 13_811_507, "bde77a5feb66752ec61db2adfe47f56b941842825b4c7e2068aff27c9d107953"),
  nvidia("cuda-nvcc", "12.5.82", 22_468_537, "b03e545b8e8c3ce7ebcd7fc44063180ff52ff01d064ece2127ed90a04ef12cd0"),
  nvidia("cuda-nvrtc", "12.5.82", 24_873_108, "3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd"),
  nvidia("cuda-runtime", "12.5.82", 895_707, "3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115"),
  nvidia("cudnn", "9.3.0.75", 577_163_502, "9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d"),
  nvidia("cufft", "11.2.3.61", 192_524_114, "9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8"),
  nvidia("cusolver", "11.6.3.83", 130_341_232, "93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b"),
  nvidia("cusparse", "12.5.1.3", 217_558_979, "016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752"),
  nvidia("nvjitlink", "12.5.82", 21_298_879, "f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212"),
];

function nvidia(part: string, version: string, bytes: number, sha256: string): Wheel {
  const name = `nvidia-${part}-cu12`;
  return {
    name,
    version,
    file: `${name.replaceAll("-", "_")}-${version}-py3-none-manylinux2014_x86_64.whl`,
    bytes,
    sha256,
  };
}

export interface Recipe {
  readonly wheels: readonly Wheel[];
  /** The platform tag that pip is asked for. */
  readonly platform: string;
  /** On the disk while it is built: wheels and what is taken out of them. */
  readonly bytesMax: number;
}

/** Null where there is none for this machine. */
export function recipeFor(platform: string, arch: string, gpu: boolean): Recipe | null {
  if (platform !== "linux") return null;
  if (arch === "x64" && gpu) return { wheels: [gpuX64, ...cuda], platform: "manylinux2014_x86_64", bytesMax: 9e9 };
  if (arch === "x64") return { wheels: [cpuX64], platform: "manylinux2014_x86_64", bytesMax: 1.6e9 };
  if (arch === "arm64" && !gpu) return { wheels: [cpuArm64], platform: "manylinux2014_aarch64", bytesMax: 1.6e9 };
  return null;
}
