/* Surfaces that a person took from photos, to paint and to fill with: those of a document, or of an edit.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/picture/limn-picture.h"
#include "app/raster/limn-raster.h"

G_BEGIN_DECLS

/* Labels of surfaces of one's own, in planes of labels. */
#define LIMN_OWN_FIRST 128
#define LIMN_OWN_LAST 254
/* A surface's longer side is at most so many pixels, and at least LIMN_OWN_LEAST_SIDE. */
#define LIMN_OWN_SIDE 512
#define LIMN_OWN_LEAST_SIDE 16

typedef struct {
  guint8 label;         /* LIMN_OWN_FIRST to LIMN_OWN_LAST, or like, in whose place it is laid */
  guint8 like;          /* the material that it is laid, lit and bordered as */
  const char *name;     /* as the person calls it */
  LimnPicture *picture; /* 8 bits, sRGB, opaque; repeats without a seam */
} LimnOwnSurface;

/* An immutable list of them, refcounted; any thread. NULL is an empty one everywhere. */
typedef struct _LimnSurfaceList LimnSurfaceList;

LimnSurfaceList *limn_surface_list_ref (LimnSurfaceList *self);
void limn_surface_list_unref (LimnSurfaceList *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnSurfaceList, limn_surface_list_unref)

guint limn_surface_list_get_count (const LimnSurfaceList *self);
const LimnOwnSurface *limn_surface_list_get (const LimnSurfaceList *self, guint index);   /* borrowed, as below */
const LimnOwnSurface *limn_surface_list_find (const LimnSurfaceList *self, guint8 label); /* or NULL */
/* A label that is free; 0 where none is. */
guint8 limn_surface_list_get_free_label (const LimnSurfaceList *self);

/* Another list: with surface (copied; in place of one of its label, or behind the others), and without the one of label. */
LimnSurfaceList *limn_surface_list_with (const LimnSurfaceList *self, const LimnOwnSurface *surface);
LimnSurfaceList *limn_surface_list_without (const LimnSurfaceList *self, guint8 label);

/* The part of picture as a surface: made to repeat without a seam, its broad light evened out. Takes its time; any thread. NULL and error
 * when the part is too small or memory ends. */
LimnPicture *limn_surface_take (LimnPicture *picture, const LimnRect *part, GCancellable *cancellable, GError **error);
/* Whether picture has the depth and size of a surface. */
gboolean limn_surface_is_usable (LimnPicture *picture);
/* The mean colour of a surface, sRGB. */
void limn_surface_get_colour (LimnPicture *surface, guint8 rgb[3]);

G_END_DECLS
