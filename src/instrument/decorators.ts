// The helpers for functions as decorators. Each is a standard decorator (TC39 stage 3, TypeScript 5, Babel) and a
// legacy one of TypeScript (`experimentalDecorators`) at once; the second argument tells which protocol is used.

import { type CountExceptionsOptions, exceptionCount } from './count-exceptions.js';
import type { Adder, Recorder } from './instruments.js';
import { type AnyFunction, type Observation, observeCalls } from './observe.js';
import { type TimeOptions, timing } from './time.js';
import { progress, type TrackInProgressOptions } from './track-in-progress.js';

/** For methods, including static and private ones. As a standard decorator also for fields that hold a function. */
export interface FunctionDecorator {
  <F extends AnyFunction>(method: F, context: ClassMethodDecoratorContext): F;
  <F extends AnyFunction>(field: undefined, context: ClassFieldDecoratorContext<never, F>): (initial: F) => F;
  <F extends AnyFunction>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<F>,
  ): TypedPropertyDescriptor<F>;
}

/**
 * Times every call of a method, as `time` does.
 *
 * @example
 * class Shop {
 *   @timed(duration, { attributes: { 'code.function.name': 'Shop.buy' } })
 *   async buy(order: Order) {}
 * }
 */
export function timed(histogram: Recorder, options?: TimeOptions): FunctionDecorator {
  return observing('timed', timing('timed', histogram, options));
}

/**
 * Counts the exceptions of a method, as `countExceptions` does.
 *
 * @example
 * class Shop {
 *   @counted(failures, { match: PaymentError })
 *   async buy(order: Order) {}
 * }
 */
export function counted(counter: Adder, options?: CountExceptionsOptions): FunctionDecorator {
  return observing('counted', exceptionCount('counted', counter, options));
}

/**
 * Counts the calls of a method that are in progress, as `trackInProgress` does.
 *
 * @example
 * class Shop {
 *   @inProgress(active)
 *   async buy(order: Order) {}
 * }
 */
export function inProgress(upDownCounter: Adder, options?: TrackInProgressOptions): FunctionDecorator {
  return observing('inProgress', progress('inProgress', upDownCounter, options));
}

function observing<State>(name: string, observation: Observation<State>): FunctionDecorator {
  const observed = (fn: unknown): unknown =>
    typeof fn === 'function' ? observeCalls(fn as AnyFunction, observation) : fn;

  const decorate = (
    target: unknown,
    context: DecoratorContext | PropertyKey | undefined,
    descriptor?: PropertyDescriptor,
  ): unknown => {
    const isStandard = typeof context === 'object';
    if (isStandard && context.kind === 'method') return observed(target);
    if (isStandard && context.kind === 'field') return observed;
    if (!isStandard && typeof descriptor?.value === 'function') {
      return { ...descriptor, value: observed(descriptor.value) };
    }
    // Thrown when the class is defined: a decorator without effect would go unnoticed.
    throw new TypeError(
      `@${name} is for methods; ${describe(isStandard ? context.name : context)} is not a method`,
    );
  };
  return decorate as FunctionDecorator;
}

function describe(name: PropertyKey | undefined): string {
  return name === undefined ? 'a class' : `"${String(name)}"`;
}
