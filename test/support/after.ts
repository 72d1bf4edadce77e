/**
 * What tests leave behind is taken back: when the test is over, or its file. Files share a process and the modules in
 * it, so a hook that such a module sets would belong to the first of them only; `setup.ts` sets these for each.
 */
type TakeBack = () => unknown;

const afterTest: TakeBack[] = [];
const afterFile: TakeBack[] = [];

/** Has something done when the test is over; what was asked for last is done first. */
export function afterThisTest(takeBack: TakeBack): void {
  afterTest.push(takeBack);
}

/** Has something done when the tests of the file are over. */
export function afterThisFile(takeBack: TakeBack): void {
  afterFile.push(takeBack);
}

async function takeAll(all: TakeBack[]): Promise<void> {
  for (const takeBack of all.splice(0).reverse()) await takeBack();
}

/** Takes back what belongs to the test that has ended. */
export const endTest = () => takeAll(afterTest);

/** Takes back what belongs to the file that has ended. */
export const endFile = () => takeAll(afterFile);
