/** The command line: `descent train`, `evaluate`, `inspect`, `diff`, `export`, `download`, `dashboard`, `shapes` and `devices`. */
import { Command } from 'commander';
import own from '../package.json';
import { dashboardCommand } from './cli/dashboard';
import { devicesCommand } from './cli/devices';
import { diffCommand } from './cli/diff';
import { downloadCommand } from './cli/download';
import { evaluateCommand } from './cli/evaluate';
import { exportCommand } from './cli/export';
import { guardProcess } from './cli/guards';
import { inspectCommand } from './cli/inspect/inspect';
import { printJson } from './cli/report';
import { shapesCommand } from './cli/shapes';
import { trainCommand } from './cli/train';

const json = process.argv.includes('--json');
guardProcess(json);

const program = new Command('descent')
  .description('Train neural networks and see everything they do.')
  .version(own.version)
  .configureHelp({ showGlobalOptions: true })
  .exitOverride(({ exitCode, code, message }) => {
    if (exitCode === 0) process.exit(0);
    const expected = code === 'commander.help' ? 'expected a command' : message.replace(/^error: /, '');
    if (json) printJson({ event: 'error', message: expected });
    process.exit(2);
  })
  .addCommand(trainCommand())
  .addCommand(evaluateCommand())
  .addCommand(inspectCommand())
  .addCommand(diffCommand())
  .addCommand(exportCommand())
  .addCommand(dashboardCommand())
  .addCommand(downloadCommand())
  .addCommand(shapesCommand())
  .addCommand(devicesCommand());

for (const command of program.commands) command.copyInheritedSettings(program);
await program.parseAsync();
