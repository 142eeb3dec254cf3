/* The colours that colorize found in photos, for the next one by another saturation or mask: finding them takes nearly all of its time. An
 * engine's handle owns its cache. It holds at most LIMN_COLOR_CACHE_SIZE entries, the last ones found, at most one a photo and quality; it
 * keeps no photo alive, and what belongs to one that is gone is dropped when the cache is next used. Thread-safe.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/picture/limn-picture.h"
#include "engine/limn-engine.h"

G_BEGIN_DECLS

/* Two photos in both qualities; an entry takes at most 25 MiB (limn_colors_new). */
#define LIMN_COLOR_CACHE_SIZE 4

/* What colours depend on. photo and paint (NULL: none) are these very objects, which don't change. */
typedef struct {
  LimnPicture *photo, *paint;
  LimnSampling sampling;
} LimnColorKey;

typedef struct _LimnColorCache LimnColorCache;
LimnColorCache *limn_color_cache_new (void);
void limn_color_cache_free (LimnColorCache *self);

/* The colours for key, or NULL; other ones for the same photo and quality are dropped. Transfer full: put them back after use. */
LimnColors *limn_color_cache_take (LimnColorCache *self, const LimnColorKey *key);
/* Takes colors over; the oldest entry goes when there are too many. */
void limn_color_cache_put (LimnColorCache *self, const LimnColorKey *key, LimnColors *colors);

G_END_DECLS
