/**
 * The part of TensorBoard's event format that Descent writes: protobuf messages (field numbers of tensorboard's
 * event.proto and summary.proto), each in a record of TensorFlow's record format: length, masked CRC-32C of the length,
 * message, masked CRC-32C of the message.
 */
import protobuf from 'protobufjs/light';
import type { SeenTensor } from '../../protocol/looks';
import { binsPerOctave, edgeOf, highestExponent, lowestExponent } from '../../protocol/tensors';
import { maskedCrc32c } from './crc32c';

/** A histogram as TensorBoard knows it: `bucket[i]` values lie between `bucketLimit[i - 1]` and `bucketLimit[i]`. */
export interface HistogramProto {
  min: number;
  max: number;
  num: number;
  sum: number;
  sumSquares: number;
  bucketLimit: number[];
  bucket: number[];
}

/** A number or a histogram under a name. */
export interface SummaryValue {
  tag: string;
  simpleValue?: number;
  histo?: HistogramProto;
}

/** Something that is told at a moment. */
export interface Event {
  /** Seconds since 1970. */
  wallTime: number;
  step?: number;
  /** The first event of a file says `brain.Event:2`. */
  fileVersion?: string;
  summary?: { value: SummaryValue[] };
  /** `{ status: 1 }`: what was told of later steps by earlier files does not count any more. */
  sessionLog?: { status: number };
}

const field = (type: string, id: number) => ({ type, id });
const repeated = (type: string, id: number) => ({ rule: 'repeated', type, id, options: { packed: true } });

const root = protobuf.Root.fromJSON({
  nested: {
    HistogramProto: {
      fields: {
        min: field('double', 1),
        max: field('double', 2),
        num: field('double', 3),
        sum: field('double', 4),
        sumSquares: field('double', 5),
        bucketLimit: repeated('double', 6),
        bucket: repeated('double', 7),
      },
    },
    SummaryValue: {
      fields: {
        tag: field('string', 1),
        simpleValue: field('float', 2),
        histo: field('HistogramProto', 5),
      },
    },
    Summary: { fields: { value: { rule: 'repeated', type: 'SummaryValue', id: 1 } } },
    SessionLog: { fields: { status: field('int32', 1) } },
    Event: {
      fields: {
        wallTime: field('double', 1),
        step: field('int64', 2),
        fileVersion: field('string', 3),
        summary: field('Summary', 5),
        sessionLog: field('SessionLog', 7),
      },
    },
  },
});

const EventMessage = root.lookupType('Event');

/** An event as a record. */
export function encodeRecord(event: Event): Uint8Array {
  const message = EventMessage.encode(EventMessage.create(event)).finish();
  const record = new Uint8Array(12 + message.length + 4);
  const view = new DataView(record.buffer);
  view.setUint32(0, message.length, true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(message, 12);
  view.setUint32(12 + message.length, maskedCrc32c(message), true);
  return record;
}

const lastEdge = (highestExponent - lowestExponent) * binsPerOctave + 1;
const edge = Float64Array.from({ length: lastEdge + 1 }, (_, bin) => edgeOf(bin));

/** The edges of a bin. */
function edges(bin: number, near: number): [low: number, high: number] {
  if (bin === 0) return [-near, near];
  const [inner = 0, outer = 0] = [edge[Math.abs(bin)], edge[Math.abs(bin) + 1]];
  return bin > 0 ? [inner, outer] : [-outer, -inner];
}

/** A histogram in TensorBoard's form: where bins are left out, an empty bucket stands between their neighbours. */
export function toHistogramProto({ statistics, histogram }: SeenTensor): HistogramProto {
  const bucketLimit: number[] = [];
  const bucket: number[] = [];
  histogram.bins.forEach((bin, i) => {
    const [low, high] = edges(bin, histogram.near);
    if (low > (bucketLimit.at(-1) ?? Number.NEGATIVE_INFINITY)) {
      bucketLimit.push(low);
      bucket.push(0);
    }
    bucketLimit.push(high);
    bucket.push(histogram.counts[i] ?? 0);
  });
  const num = statistics.count - statistics.nan - statistics.infinite;
  return {
    min: statistics.min ?? 0,
    max: statistics.max ?? 0,
    num,
    sum: (statistics.mean ?? 0) * num,
    sumSquares: (statistics.norm ?? 0) ** 2,
    bucketLimit,
    bucket,
  };
}
