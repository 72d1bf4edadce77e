/** Reads Python source into the syntax of {@link Program}; broken source too. */
export type * from './ast';
export { parse } from './program';
