/** The command line: `descent train`, `descent evaluate`, `descent devices`. */
import { Command } from 'commander';
import own from '../package.json';
import { devicesCommand } from './cli/devices';
import { evaluateCommand } from './cli/evaluate';
import { trainCommand } from './cli/train';

const program = new Command('descent')
  .description('Train neural networks and see everything they do.')
  .version(own.version)
  .configureHelp({ showGlobalOptions: true })
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .addCommand(trainCommand())
  .addCommand(evaluateCommand())
  .addCommand(devicesCommand());

for (const command of program.commands) command.copyInheritedSettings(program);
await program.parseAsync();
