/* What the parts of the bench share. Each is a subcommand: arguments after its name; returns the exit status.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_BENCH_H
#define LIMN_BENCH_H

#include <stddef.h>

/* serve MODEL THREADS [INPUT OUTPUT]: one evaluation a line of standard input, its milliseconds on standard output. */
int bench_serve (int argc, char **argv);
/* layers MODEL THREADS: where an evaluation's time goes. */
int bench_layers (int argc, char **argv);

/* The middle of count numbers, which are sorted. */
double bench_median (double *numbers, size_t count);

#endif
