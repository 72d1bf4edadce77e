/** Angles in degrees and in radians, and the sine that is scaled to be 0 at whole numbers. */
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineSignatures } from '../signatures';
import { where } from './selection';
import { functionOf, type Unary, type UnaryMethods, unary } from './unary-op';

const degree = Math.PI / 180;

const ops = {
  deg2rad: unary('deg2rad', {
    onnx: (graph, [x = ''], dtype) => graph.node('Mul', [x, graph.scalar(degree, dtype)]),
    element: x => x * degree,
    gradient: grad => grad.mul(degree),
  }),
  rad2deg: unary('rad2deg', {
    onnx: (graph, [x = ''], dtype) => graph.node('Mul', [x, graph.scalar(1 / degree, dtype)]),
    element: x => x / degree,
    gradient: grad => grad.mul(1 / degree),
  }),
  sinc: unary('sinc', {
    onnx(graph, [x = ''], dtype) {
      const angle = graph.node('Mul', [x, graph.scalar(Math.PI, dtype)]);
      const ratio = graph.node('Div', [graph.node('Sin', [angle]), angle]);
      const zero = graph.node('Equal', [x, graph.scalar(0, dtype)]);
      return graph.node('Where', [zero, graph.scalar(1, dtype), ratio]);
    },
    element: x => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)),
    from: 'input',
    gradient(grad, x) {
      const [angle, square] = [x.mul(Math.PI), x.mul(Math.PI).mul(x)];
      const slope = angle.mul(angle.cos()).sub(angle.sin()).div(square);
      return where(square.eq(0), 0, grad.mul(slope));
    },
  }),
};

export const deg2rad: Unary = functionOf(ops.deg2rad);
export const rad2deg: Unary = functionOf(ops.rad2deg);
/** sin(πx) / (πx), and 1 at 0. */
export const sinc: Unary = functionOf(ops.sinc);

const functions = { deg2rad, rad2deg, sinc };
defineMethods(functions);
defineInPlaceMethods(functions);
defineSignatures(`
  deg2rad(self)
  rad2deg(self)
  sinc(self)
`);

type Methods = UnaryMethods<typeof functions>;

declare module '../../tensor' {
  interface Tensor extends Methods {}
}
