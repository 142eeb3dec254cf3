/* limn-bench: what the scripts of this folder measure with.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench.h"

#include <stdio.h>
#include <string.h>

#include "engine/kernels/kernels.h"

/* ---------------------------------------------------------------- kernels */

static const LimnKernels *chosen; /* NULL: the best */

/* The linker gives the engine this one. */
const LimnKernels *__wrap_limn_kernels_best (void);
const LimnKernels *__real_limn_kernels_best (void);
const LimnKernels *
__wrap_limn_kernels_best (void)
{
  return chosen ? chosen : __real_limn_kernels_best ();
}

static bool
choose_kernels (const char *name)
{
  const LimnKernels *all[3];
  const size_t count = limn_kernels_all (all);

  for (size_t i = 0; i < count && !chosen; i++)
    if (strcmp (all[i]->name, name) == 0)
      chosen = all[i];
  if (!chosen)
    fprintf (stderr, "limn-bench: this processor has no kernels named %s\n", name);
  return chosen != NULL;
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    int (*run) (int argc, char **argv);
  } commands[] = { { "serve", bench_serve }, { "layers", bench_layers } };

  if (argc > 2 && strcmp (argv[1], "--kernels") == 0) {
    if (!choose_kernels (argv[2]))
      return 2;
    argc -= 2;
    argv += 2;
  }
  for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof commands[0]; i++)
    if (strcmp (argv[1], commands[i].name) == 0)
      return commands[i].run (argc - 2, argv + 2);
  fprintf (stderr, "limn-bench [--kernels NAME] serve | layers: see README.md\n");
  return 2;
}
