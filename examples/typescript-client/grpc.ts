// A live session over gRPC: a sequence of requests on one stream of inference.GRPCInferenceService.
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

type Parameter = { bool_param: boolean } | { int64_param: number } | { double_param: number } | { string_param: string };

type Tensor = { name: string; datatype: string; shape: number[] };

type Answer = {
  error_message: string;
  infer_response: {
    outputs: { name: string; shape: string[] }[];
    raw_output_contents: Uint8Array[];
    parameters: Record<string, { parameter_choice: string } & Record<string, unknown>>;
  };
};

/** Frames or samples as a tensor: values in row-major order. */
export type Frames = { shape: number[]; values: Float32Array };

function parameter(value: string | number | boolean): Parameter {
  if (typeof value === "boolean") {
    return { bool_param: value };
  } else if (typeof value === "string") {
    return { string_param: value };
  }
  return Number.isInteger(value) ? { int64_param: value } : { double_param: value };
}

function parameters(values: Record<string, string | number | boolean>) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, parameter(value)]));
}

/** The service at host:port. @param protos the folder with grpc_service.proto */
export function connect(address: string, protos: string) {
  const definition = loadSync("grpc_service.proto", { includeDirs: [protos], keepCase: true, longs: String, oneofs: true });
  const { inference } = grpc.loadPackageDefinition(definition) as any;
  return new inference.GRPCInferenceService(address, grpc.credentials.createInsecure());
}

/**
 * Feeds a sequence, and hands out what it answers meanwhile.
 *
 * @param client made by connect
 * @param model stft, istft, reconstruct or mel
 * @param start the operation's parameters
 * @param input the name of the tensors that are fed
 * @param receive is given each output that holds anything, as soon as it is known
 * @returns the parameters of the last answer, which hold the report
 */
export async function sequence(
  client: any,
  model: string,
  start: Record<string, string | number | boolean>,
  input: string,
  chunks: Iterable<Frames> | AsyncIterable<Frames>,
  receive: (output: Frames) => void,
) {
  const stream: grpc.ClientDuplexStream<unknown, Answer> = client.ModelStreamInfer();
  const id = crypto.randomUUID();
  let last: Answer["infer_response"]["parameters"] = {};
  const ended = new Promise<void>((resolve, reject) => {
    stream.on("data", ({ error_message, infer_response }: Answer) => {
      if (error_message) {
        reject(new Error(error_message));
        stream.cancel();
        return;
      }
      const shape = infer_response.outputs[0].shape.map(Number);
      last = infer_response.parameters;
      if (shape.every((size) => size > 0)) {
        const raw = infer_response.raw_output_contents[0];
        receive({ shape, values: new Float32Array(Uint8Array.from(raw).buffer) });
      }
    });
    stream.on("error", reject);
    stream.on("end", resolve);
  });
  ended.catch(() => {}); // it is awaited below, maybe later
  async function send(of: Record<string, string | number | boolean>, frames?: Frames) {
    const inputs: Tensor[] = frames ? [{ name: input, datatype: "FP32", shape: frames.shape }] : [];
    const raw = frames ? [Buffer.from(frames.values.buffer, frames.values.byteOffset, frames.values.byteLength)] : [];
    const more = stream.write({
      model_name: model,
      parameters: parameters({ sequence_id: id, ...of }),
      inputs,
      raw_input_contents: raw,
    });
    if (!more) {
      await Promise.race([new Promise((resolve) => stream.once("drain", resolve)), ended]);
    }
  }
  await send({ sequence_start: true, ...start });
  for await (const frames of chunks) {
    await send({}, frames);
  }
  await send({ sequence_end: true });
  stream.end();
  await ended;
  return Object.fromEntries(Object.entries(last).map(([name, value]) => [name, value[value.parameter_choice]]));
}
