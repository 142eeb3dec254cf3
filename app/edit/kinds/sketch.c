/* Sketch: rough paint and lines rendered, as a picture of their own or, where a mask says what of a photo they are drawn over, as a fill
 * that they guide, or surfaces in the photo's light: the rest of the photo stays.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/edit/limn-edit-private.h"

#include <glib/gi18n.h>

/* Pixels in which a drawing goes over into the photo, and how far around it the photo is read beside the fill's own context. */
#define DRAWN_FEATHER 2
#define DRAWN_REACH 8
/* The longer side of a quick picture of materials, which looks the same at any size but for its sharpness. */
#define QUICK_SIDE 768

enum { FREEDOM, GUESS, STRAIGHTEN, KEEP_LINES, WIDTH, HEIGHT, HORIZON, SUN_X, SUN_Y, PREVIOUS_HORIZON };

static const LimnParameter parameters[] = {
  [FREEDOM] = { .name = "freedom",
                .range = LIMN_RANGE (0, 1),
                .initial = 0.5,
                .label = N_("Freedom"),
                .help = N_("0 stays at the paint, 1 is only guided by it"),
                .slider = { NC_("freedom", "Close"), NC_("freedom", "Free") } },
  [GUESS] = { .name = "guess",
              .type = LIMN_PARAMETER_FLAG,
              .range = LIMN_RANGE (0, 1),
              .initial = TRUE,
              .label = N_("Guess Materials"),
              .help = N_("Plain colors become what they look like: sky, meadow, water") },
  [STRAIGHTEN] = { .name = "straighten",
                   .type = LIMN_PARAMETER_FLAG,
                   .range = LIMN_RANGE (0, 1),
                   .initial = TRUE,
                   .label = N_("Straighten Walls"),
                   .help = N_("What is built gets straight edges") },
  [KEEP_LINES] = { .name = "keep-lines",
                   .type = LIMN_PARAMETER_FLAG,
                   .range = LIMN_RANGE (0, 1),
                   .label = N_("Keep My Lines"),
                   .help = N_("Pencil lines stay lines, and don't become edges") },
  [WIDTH] = { .name = "width", .type = LIMN_PARAMETER_INT, .range = LIMN_RANGE (1, LIMN_PICTURE_MAX_SIDE), .initial = 512 },
  [HEIGHT] = { .name = "height", .type = LIMN_PARAMETER_INT, .range = LIMN_RANGE (1, LIMN_PICTURE_MAX_SIDE), .initial = 512 },
  [HORIZON] = { .name = "horizon", .range = LIMN_RANGE_OR_AUTOMATIC (0, 1), .initial = LIMN_PARAMETER_AUTOMATIC },
  [SUN_X] = { .name = "sun-x", .range = LIMN_RANGE (-1, 2), .initial = LIMN_PARAMETER_AUTOMATIC },
  [SUN_Y] = { .name = "sun-y", .range = LIMN_RANGE (-1, 1), .initial = LIMN_PARAMETER_AUTOMATIC },
  [PREVIOUS_HORIZON] = { .name = "previous-horizon", .range = LIMN_RANGE_OR_AUTOMATIC (0, 1), .initial = LIMN_PARAMETER_AUTOMATIC },
  { 0 },
};

static const LimnToolKind tools[] = { LIMN_TOOL_PAINT, LIMN_TOOL_PENCIL,  LIMN_TOOL_ERASER, LIMN_TOOL_PICKER, LIMN_TOOL_BUCKET,
                                      LIMN_TOOL_SCENE, LIMN_TOOL_SURFACE, LIMN_TOOL_CROP,   LIMN_N_TOOLS };

static gboolean
suits (LimnPicture *photo)
{
  return photo == NULL;
}

static gboolean
is_material (const LimnEditRun *self, guint8 label)
{
  return limn_material_of_label (label) || limn_surface_list_find (self->edit->from.surfaces, label);
}

/* Whether the drawing, or part of it, has a material: a sketch's surfaces are laid in the perspective of the whole photo. */
static gboolean
has_materials (const LimnEditRun *self)
{
  gsize size;
  const guint8 *labels = self->materials.bytes ? g_bytes_get_data (self->materials.bytes, &size) : NULL;

  for (gsize i = 0; labels && i < size; i++)
    if (is_material (self, labels[i]))
      return TRUE;
  return FALSE;
}

static LimnRect
area (const LimnEditRun *self)
{
  return has_materials (self) ? limn_picture_get_rect (self->photo) : limn_edit_run_get_hole_area (self, DRAWN_REACH);
}

/* What areas of paint are of; FALSE where surfaces can't be read. */
static gboolean
get_materials (LimnEditRun *self, LimnSketchMaterials *materials)
{
  const double *values = self->edit->set.values;
  LimnSurfaceList *surfaces = self->edit->from.surfaces;

  *materials = (LimnSketchMaterials){ .surfaces = limn_engine_handle_get_surfaces (self->handle, &self->failure),
                                      .labels = self->materials_view,
                                      .memory = limn_engine_handle_get_sketch_memory (self->handle),
                                      .guess = values[GUESS] != 0,
                                      .horizon = (float) values[HORIZON],
                                      .previous_horizon = (float) values[PREVIOUS_HORIZON],
                                      .sun_x = (float) values[SUN_X],
                                      .sun_y = (float) values[SUN_Y],
                                      .straighten = values[STRAIGHTEN] != 0,
                                      .keep_lines = values[KEEP_LINES] != 0 };
  if (materials->surfaces && limn_surface_list_get_count (surfaces) > 0)
    materials->own = limn_surface_list_get_converted (surfaces, &self->failure);
  return !self->failure;
}

static LimnStatus
fail_memory (LimnEditRun *self)
{
  g_set_error_literal (&self->failure, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
                       _("Not enough memory for a mask of this size. Close other pictures."));
  return LIMN_NO_MEMORY;
}

/* Takes labels. */
static void
take_found (LimnEditRun *self, const LimnSketchFound *found, gsize width, gsize height)
{
  self->found = (LimnFound){ .materials = { g_bytes_new_take (found->labels, width * height), width, height },
                             .horizon = (double) found->horizon,
                             .sun_x = (double) found->sun_x,
                             .sun_y = (double) found->sun_y };
}

static LimnStatus
fill_drawn (LimnEditRun *self, const LimnMask *mask)
{
  LimnEngineCall *call = &self->call;
  LimnFillOptions options = {
    .sampling = limn_edit_run_get_sampling (self), .feather = DRAWN_FEATHER, .paint = self->paint_view, .ink = self->lines_view
  };

  return limn_fill (self->engine, self->photo_view, mask, &options, &call->control, &call->overlay, &call->stats, &call->error);
}

/* What of the drawing has no material; FALSE where all of it has one. Rows without gaps; free with g_free. */
static gboolean
split_mask (const LimnEditRun *self, guint8 *plain)
{
  const LimnMask *mask = self->mask_view, *labels = self->materials_view;
  gboolean any = FALSE;

  for (gsize y = 0; y < mask->height; y++)
    for (gsize x = 0; x < mask->width; x++) {
      guint8 *out = &plain[y * mask->width + x];

      *out = is_material (self, labels->data[y * labels->stride + x]) ? 0 : mask->data[y * mask->stride + x];
      any |= *out > 0;
    }
  return any;
}

/* First what has no material, guided by its paint, then surfaces over it. */
static LimnStatus
run_materials_into_photo (LimnEditRun *self)
{
  LimnEngineCall *call = &self->call;
  gsize width = self->mask_view->width, height = self->mask_view->height;
  LimnSketchMaterials materials;

  if (!get_materials (self, &materials))
    return LIMN_BAD_INPUT;
  g_autofree guint8 *plain = g_try_malloc (width * height);
  LimnSketchFound found = { .labels = g_try_malloc (width * height) };
  if (!plain || !found.labels) {
    g_free (found.labels);
    return fail_memory (self);
  }
  LimnStatus status = split_mask (self, plain) ? fill_drawn (self, &(LimnMask){ plain, width, height, width }) : LIMN_OK;
  if (status == LIMN_OK)
    status = limn_paint_materials (self->engine, self->photo_view, self->mask_view, self->paint_view, self->lines_view, &materials,
                                   &call->control, &call->overlay, &found, &call->error);
  take_found (self, &found, width, height);
  return status;
}

/* As wide and high as is asked for, or so that the longer side is side. */
static void
limit_size (LimnSketchOptions *options, gsize side)
{
  gsize longer = MAX (options->width, options->height);

  if (longer <= side)
    return;
  options->width = MAX (8, options->width * side / longer);
  options->height = MAX (8, options->height * side / longer);
}

static LimnStatus
run_materials (LimnEditRun *self, LimnSketchOptions *options)
{
  LimnEngineCall *call = &self->call;
  gsize width = self->paint_view->width, height = self->paint_view->height;
  LimnSketchMaterials materials;

  if (!get_materials (self, &materials))
    return LIMN_BAD_INPUT;
  LimnSketchFound found = { .labels = g_try_malloc (width * height) };
  if (!found.labels)
    return fail_memory (self);
  if (self->flags & LIMN_RUN_QUICK)
    limit_size (options, QUICK_SIDE);
  options->materials = &materials;
  options->found = &found;
  LimnStatus status = limn_sketch (self->engine, self->paint_view, self->lines_view, options, &call->control, &call->overlay, &call->stats,
                                   &call->error);
  take_found (self, &found, width, height);
  return status;
}

static LimnStatus
run_alone (LimnEditRun *self)
{
  const double *values = self->edit->set.values;
  LimnEngineCall *call = &self->call;
  LimnSketchOptions options = { .sampling = limn_edit_run_get_sampling (self),
                                .width = (gsize) values[WIDTH],
                                .height = (gsize) values[HEIGHT],
                                .freedom = (float) values[FREEDOM] };

  return self->paint_view && (self->materials_view || values[GUESS] != 0)
           ? run_materials (self, &options)
           : limn_sketch (self->engine, self->paint_view, self->lines_view, &options, &call->control, &call->overlay, &call->stats,
                          &call->error);
}

static void
run (LimnEditRun *self)
{
  self->whole = !self->mask_view;
  self->status = self->whole            ? run_alone (self)
                 : has_materials (self) ? run_materials_into_photo (self)
                                        : fill_drawn (self, self->mask_view);
}

const LimnEditKind limn_kind_sketch = {
  .nick = "sketch",
  .label = N_("Sketch"),
  .verb = N_("Use This Sketch"),
  .missing = N_("Paint roughly, then draw lines"),
  .invitation = N_("Draw, and a picture appears"),
  .sample = "cabin.paint.png",
  .takes = LIMN_TAKES_DRAWING | LIMN_TAKES_SURFACES,
  .needs = LIMN_TAKES_DRAWING,
  .tools = tools,
  .parameters = parameters,
  .suits = suits,
  .area = area,
  .run = run,
  .summary = "renders rough paint and lines as a picture",
  .text =
    "What is painted becomes of a material: by LABELS, or as its colour, place and shape suggest. What has none, as people and things,\n"
    "is the network's picture.",
  .examples = "  limn-cli sketch --paint hill.png -o hill-rendered.png\n"
              "  limn-cli sketch --paint hill.png --materials labels.png --no-guess --size 1024 -o picture.jpg\n"
              "  limn-cli sketch --paint hill.png --surface meadow=field.jpg:300,400,256,256 -o picture.jpg\n"
              "  limn-cli sketch --paint hill.png --lines pencil.png --freedom 0.7 --size 1024 -o picture.jpg",
};
