/* A document at one moment: immutable, cheap to take (it shares tiles and pictures), and free to go to any thread. Rendering, saving
 * and autosave work on snapshots, so none of them ever sees a document that changes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/raster/limn-raster.h"
#include "limn-layer.h"

G_BEGIN_DECLS

/* The planes that people paint on, all of the document's size. */
typedef enum {
  LIMN_DOCUMENT_MASK,        /* 1 channel: what an edit may change */
  LIMN_DOCUMENT_PAINT,       /* 4 channels: the sketch's colours */
  LIMN_DOCUMENT_MATERIALS,   /* 1 channel: what the paint is of, labels of limn-material.h; changes with the paint */
  LIMN_DOCUMENT_LINES,       /* 1 channel: the sketch's lines */
  LIMN_DOCUMENT_GUIDE,       /* 4 channels: colours inside a hole that guide the fill */
  LIMN_DOCUMENT_GUIDE_LINES, /* 1 channel: lines inside a hole that guide the fill */
  LIMN_DOCUMENT_SOURCES,     /* 1 channel: where a fill copies from, labels of limn-edit.h */
  LIMN_DOCUMENT_MARKS,       /* 1 channel: what is damaged and what isn't, labels of limn-edit.h */
  LIMN_DOCUMENT_N_PLANES,
} LimnDocumentPlane;

int limn_document_plane_channels (LimnDocumentPlane plane);
/* Its values are labels, of which there is no mean. */
gboolean limn_document_plane_has_labels (LimnDocumentPlane plane);

/* What a sketch's places mean: the horizon's height and the sun's place, fractions of the canvas from its upper left corner (the sun may stand
 * outside). LIMN_SCENERY_AUTOMATIC in horizon, or in sun_x: as the paint says. */
typedef struct {
  double horizon, sun_x, sun_y;
} LimnScenery;
#define LIMN_SCENERY_AUTOMATIC LIMN_PARAMETER_AUTOMATIC
#define LIMN_SCENERY_INIT                                                  \
  {                                                                        \
    LIMN_SCENERY_AUTOMATIC, LIMN_SCENERY_AUTOMATIC, LIMN_SCENERY_AUTOMATIC \
  }

/* What a sketch's edit is asked for with, and back. */
void limn_scenery_apply (const LimnScenery *self, LimnEdit *edit);
LimnScenery limn_scenery_of_edit (const LimnEdit *edit);

typedef struct {
  char *name;
  LimnPicture *picture;
  int x, y;
  LimnLayerStyle style;
  LimnEdit *recipe; /* or NULL */
  char *model_hash; /* or NULL */
} LimnSnapshotLayer;

typedef struct {
  gatomicrefcount refs;
  LimnPicture *photo;
  gboolean sketch;   /* begun as an empty canvas */
  GPtrArray *layers; /* of LimnSnapshotLayer, lowest first */
  LimnRaster *planes[LIMN_DOCUMENT_N_PLANES];
  GArray *dots; /* of LimnDot */
  LimnScenery scenery;
  LimnSurfaceList *surfaces; /* surfaces of one's own; NULL: none */
  char *path;                /* of the file it was opened from or saved to, or NULL */
  char *stamp;               /* of that file when it was read or written (limn_file_dup_stamp), NULL = not known */
  char *name;                /* as shown */
  gboolean modified;
  guint64 change; /* the document's change number when it was taken */
  /* Of another program's file: layers blended in an unknown way, groups that became layers, and layers that aren't shown (text, filters,
   * layers without a picture). */
  guint n_unknown_blends, n_merged, n_skipped;
} LimnSnapshot;

/* A snapshot to be filled in by whoever loads one (then never changed again). photo: a new reference is taken. Empty planes. */
LimnSnapshot *limn_snapshot_new (LimnPicture *photo);
void limn_snapshot_add_layer (LimnSnapshot *self, const char *name, LimnPicture *picture, int x, int y, const LimnLayerStyle *style,
                              const LimnEdit *recipe, const char *model_hash);
LimnSnapshot *limn_snapshot_ref (LimnSnapshot *self);
void limn_snapshot_unref (LimnSnapshot *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnSnapshot, limn_snapshot_unref)

typedef enum {
  LIMN_SNAPSHOT_RESULT,   /* the photo and the visible layers */
  LIMN_SNAPSHOT_ORIGINAL, /* the photo alone */
} LimnSnapshotSource;

/* Pixels for the screen: rect in pixels of level, where level n is the document reduced by 2^n (box average, premultiplied); out:
 * RGBA, 8 bits, sRGB, straight alpha, rows of stride bytes. Parts outside the document are transparent. n_layers: only the lowest
 * n_layers, G_MAXUINT = all. Any thread. */
void limn_snapshot_render (LimnSnapshot *self, LimnSnapshotSource source, guint n_layers, int level, const LimnRect *rect, guint8 *out,
                           gsize stride);
/* The lowest n_layers visible layers over the photo, at the photo's own depth and profile, its metadata kept: a new picture, or a
 * reference to the photo where no layer shows. Where no layer covers, pixels are the photo's bit for bit. A sketch in which no layer shows
 * has its paint and lines over the paper, as it is seen. */
LimnPicture *limn_snapshot_flatten (LimnSnapshot *self, guint n_layers, GError **error);

G_END_DECLS
