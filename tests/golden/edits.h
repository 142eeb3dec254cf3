/* The edits whose results are kept as golden pictures.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/edit/limn-edit.h"
#include "engine/kernels/kernels.h"

/* One edit and its inputs (names in tests/golden/inputs, NULL = none). */
typedef struct {
  const char *name; /* of the picture in tests/golden/edits */
  LimnTask task;
  const char *photo, *mask, *paint, *materials, *lines;
  gboolean quick, seedless; /* seedless: no noise goes in */
  int steps;                /* 0 = 1 */
  double mix;               /* towards the next seed */
  gsize extend;             /* fill: empty columns added at the right */
  double freedom;           /* sketch */
  gsize size;               /* sketch: the width; and the height, but where there are materials */
  gboolean guess;           /* sketch: materials */
  double saturation;        /* colorize; 0 = 1 */
  int scale;                /* upscale, of region (x, y, width, height) */
  double denoise;
  gsize region[4];
} GoldenEdit;

extern const GoldenEdit golden_edits[];
extern const gsize golden_edit_count;

/* Opens the engine with these kernels. */
LimnEngineHandle *golden_engine_new (const LimnKernels *kernels);

/* Runs edit (inputs: the folder). What comes out is the part of the edited picture that the edit could change, laid over the photo.
 * milliseconds: may be NULL. */
LimnPicture *golden_edit_run (const GoldenEdit *edit, LimnEngineHandle *engine, const char *inputs, guint64 seed, double *milliseconds);
