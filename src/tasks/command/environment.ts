/** What every program needs of the environment; nothing in it is a secret. */
const ALWAYS =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|TMP|TEMP|SystemRoot|SystemDrive|windir|ComSpec|PATHEXT|USERNAME|USERPROFILE|HOMEDRIVE|HOMEPATH|APPDATA|LOCALAPPDATA|ProgramData|ProgramFiles|ProgramFiles\(x86\)|NUMBER_OF_PROCESSORS|PROCESSOR_ARCHITECTURE)$/i;

/**
 * The environment of a command: of this process's own variables only those that every program needs
 * and those that are named, so that no secret reaches a program that it is not meant for.
 *
 * @param pass names of further variables to hand on; those that are not set are left out
 * @param own variables with their values, over all others
 */
export function commandEnvironment(
  outer: Readonly<NodeJS.ProcessEnv>,
  pass: readonly string[],
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const passed = Object.entries(outer).flatMap(([name, value]) =>
    value !== undefined && (ALWAYS.test(name) || pass.includes(name)) ? [[name, value]] : [],
  );
  return { ...Object.fromEntries(passed), ...own };
}
