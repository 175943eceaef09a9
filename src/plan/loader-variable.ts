const LOADERS =
  /^(LD_|DYLD_|GLIBC_|MALLOC_|GCONV_|NODE_|NPM_CONFIG_|PYTHON|PERL|RUBY|JAVA_|JDK_|GIT_|BASH_|ENV$|PATH$|IFS$|CDPATH$|SHELLOPTS$|PS4$|PROMPT_COMMAND$)/i;

/** Whether a variable changes what a program is, rather than what it works on: `LD_PRELOAD`, `PATH`, `NODE_OPTIONS`. */
export const isLoaderVariable = (name: string): boolean => LOADERS.test(name);
