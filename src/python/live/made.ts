/** What a file makes or calls in order to train, with its settings as plain data. */
import {
  type Arguments,
  isUnknown,
  knownNumber,
  PyDict,
  PyList,
  PyTuple,
  type Value,
} from '../interpret/values';
import { bindTo } from '../library/native';
import type { Place } from './refused';

/** A setting that a file gives: a number, a flag, a text, or several numbers. */
export type Setting = number | boolean | string | readonly number[];

/** Something that a file makes or calls, with its settings by PyTorch's names. */
export interface Made {
  /** Such as `SGD` or `cross_entropy`. */
  readonly name: string;
  readonly settings: Readonly<Record<string, Setting>>;
  readonly place: Place;
  /** The settings that are only known while the file runs, or that cannot be followed. */
  readonly notKnown: readonly string[];
  /** Of a loss: whether it compares what a module gives with what that module was given. */
  readonly reconstructs?: boolean;
}

/** Settings that change how fast PyTorch is, and not what it computes. */
const withoutEffect = new Set(['foreach', 'fused', 'capturable', 'differentiable', 'params']);

/** Settings of schedules that only say from where they begin, or what is printed. */
const tellsNothing = new Set(['last_epoch', 'verbose']);

/** A value as plain data; undefined where it is not known or no setting. */
function settingOf(value: Value): Setting | undefined {
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (value instanceof PyTuple || value instanceof PyList) {
    const numbers = value.items.map(knownNumber);
    return numbers.every(one => one !== undefined) ? numbers : undefined;
  }
  return knownNumber(value);
}

/** What was made, with the settings that are known. */
export function made(name: string, parameters: readonly string[], args: Arguments, place: Place): Made {
  const bound = bindTo(parameters, args);
  const settings: Record<string, Setting> = {};
  const notKnown: string[] = [];
  for (const [key, value] of [...bound.values, ...bound.extra]) {
    if (key === 'input' || key === 'target' || key === 'optimizer' || value === null) continue;
    if (key === 'params') {
      if (hasGroups(value)) notKnown.push('groups of parameters');
      continue;
    }
    if (withoutEffect.has(key) || tellsNothing.has(key)) continue;
    const setting = settingOf(value);
    if (setting === undefined || isUnknown(value)) notKnown.push(key);
    else settings[key] = setting;
  }
  if (args.open) notKnown.push('**kwargs');
  return { name, settings, place, notKnown };
}

function hasGroups(value: Value): boolean {
  return value instanceof PyList && value.items.some(item => item instanceof PyDict);
}
