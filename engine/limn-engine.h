/* The Limn engine: picture edits by one evaluation of a consistency network.
 *
 * This is the only header that app/ includes. The engine allocates, computes and returns; it never prints and never exits, what it
 * returns depends on the arguments alone, and it touches no file but the weights it is told to open.
 *
 * Pixels are sRGB-encoded, straight alpha. A function that can fail returns a LimnStatus and fills the caller's LimnError; its outputs
 * are then empty. A fill of photo where mask is 255:
 *
 *   const LimnEngineOptions networks = { .base_path = "base.safetensors", .detail_path = "detail.safetensors" };
 *   const LimnFillOptions options = {
 *     .sampling = { .seed = 1, .steps = 1 }, .grow = LIMN_AUTOMATIC, .feather = LIMN_AUTOMATIC
 *   };
 *   LimnStatus status = limn_engine_new (&engine, &networks, &error);
 *   if (status == LIMN_OK)
 *     status = limn_fill (engine, &photo, &mask, &options, NULL, &overlay, NULL, &error);
 *   if (status == LIMN_OK)
 *     limn_overlay_apply (&overlay, &photo);
 *   else
 *     fprintf (stderr, "%s\n", error.text);
 *   limn_overlay_clear (&overlay);
 *   limn_engine_free (engine);
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_ENGINE_H
#define LIMN_ENGINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#  define LIMN_MUST_USE __attribute__ ((warn_unused_result))
#  define LIMN_PRINTF(f, a) __attribute__ ((format (printf, f, a)))
#else
#  define LIMN_MUST_USE
#  define LIMN_PRINTF(f, a)
#endif

typedef enum {
  LIMN_OK = 0,
  LIMN_CANCELLED, /* the caller's cancel flag was seen; outputs are empty */
  LIMN_BAD_INPUT, /* a picture, mask or option that can't be used; the error says which and what to do */
  LIMN_BAD_MODEL, /* a weight file that is missing, damaged or of another kind; the error names tensor or key */
  LIMN_NO_MEMORY, /* an allocation failed; nothing was changed */
} LimnStatus;

/* Room for one plain sentence in English (app/ shows it as it is); caller-owned, may be NULL. */
typedef struct {
  char text[512];
} LimnError;

/* ---------------------------------------------------------------- pixels */

/* A view of interleaved RGBA pixels, straight alpha, 8 or 16 bits a channel in native byte order.
 * stride: bytes from one row to the next. Whoever made the view owns data. */
typedef struct {
  void *data;
  size_t width, height, stride;
  int depth; /* 8 or 16 */
} LimnPixels;

/* A view of one byte a pixel: 0 = leave alone, 255 = edit fully, between = feathered. */
typedef struct {
  const uint8_t *data;
  size_t width, height, stride;
} LimnMask;

/* An edit's result: a rectangle of pixels to be composited over a picture at (x, y).
 * Alpha is the new pixel's weight: where it is 0 the picture below stays as it is, bit for bit.
 * pixels.data is owned by the overlay: limn_overlay_clear(). Of LIMN_OVERLAY_MAPPED bytes (stride times height) or more it is a private
 * anonymous mapping of exactly that many bytes, which the caller may take over and unmap. */
#define LIMN_OVERLAY_MAPPED ((size_t) 1 << 20)
typedef struct {
  size_t x, y;
  LimnPixels pixels;
  bool keep_alpha; /* new colours only: the picture's transparency stays (colorize) */
} LimnOverlay;

void limn_overlay_clear (LimnOverlay *overlay);

/* Composites overlay over picture (same depth) in place: out = (below * (max - a) + above * a) / max, rounded, per channel, alpha
 * towards opaque or, with keep_alpha, not at all. Pixels with a = 0 are not written. */
void limn_overlay_apply (const LimnOverlay *overlay, LimnPixels *picture);

/* ---------------------------------------------------------------- engine */

typedef struct LimnEngine LimnEngine;

typedef struct {
  const char *base_path;    /* base network (.safetensors); may be NULL if only upscaling */
  const char *detail_path;  /* detail network (.safetensors); may be NULL: edits then end at base's resolution */
  const char *see_path;     /* image recogniser (.safetensors); only opened for a base network that was trained with one */
  const char *colours_path; /* colours network (.safetensors), NULL: Colorize begins with noise; only opened with a recogniser */
  int threads;              /* 1..64; 0 = one for each physical core that may be used */
} LimnEngineOptions;

/* Maps and checks the weights and starts the threads. The weights are immutable and shared by all runs; one engine serves
 * one edit at a time (a second caller waits). Free with limn_engine_free (NULL allowed). */
LimnStatus limn_engine_new (LimnEngine **engine, const LimnEngineOptions *options, LimnError *error) LIMN_MUST_USE;
void limn_engine_free (LimnEngine *engine);
/* Side in pixels of the picture that base works on (64, 128, ...), 0 without base. */
size_t limn_engine_base_size (const LimnEngine *engine);

/* How an edit talks to its caller while it runs; every member may be NULL/0.
 * cancel: set to non-zero from any thread to stop within a layer or tile.
 * progress: fraction in [0, 1], never decreasing; called on the calling thread of the edit. */
typedef struct {
  const atomic_int *cancel;
  void (*progress) (void *user, double fraction);
  void *user;
} LimnControl;

/* What an edit did; filled on LIMN_OK. */
typedef struct {
  uint32_t evaluations; /* network evaluations, base and detail together */
  uint32_t tiles;       /* detail tiles among them */
  double network_ms;    /* wall time inside the networks */
} LimnStats;

/* ---------------------------------------------------------------- edits
 * seed: same seed, same weights, same input: same bytes, whatever the number of threads.
 * steps: 1 or 2 evaluations of base (and of detail a tile).
 * quick: a live preview: base's picture enlarged by interpolation; no detail, no patches from the photo. */

/* In place of an option's number, where it is said to take it: judged from the picture. */
#define LIMN_AUTOMATIC (-1.0f)

typedef struct {
  uint64_t seed;
  int steps;
  bool quick;
  uint64_t seed_b; /* with mix > 0: slerp the noise of seed towards that of seed_b */
  float mix;       /* [0, 1] */
} LimnSampling;

/* Fill: replaces what mask covers. photo is read only around the hole.
 * grow: pixels the mask is grown by (>= 0); feather: width in pixels of the soft edge added outside it (>= 0). LIMN_AUTOMATIC for
 * either: by the mask's thickness and the fringe of what it covers, at most LIMN_FILL_AUTOMATIC_REACH.
 * paint: RGBA guidance of the photo's size or NULL (alpha = painted), read inside the hole only;
 * ink: line art of the photo's size or NULL (255 = line), read inside the hole only.
 * sources: of the photo's size or NULL: from LIMN_SOURCES_TAKE on texture is copied from here, and, if there is any such pixel, from nowhere
 * else; LIMN_SOURCES_LEAVE and above: it isn't; 0: as it may be. LIMN_BAD_INPUT if nothing is left to copy.
 * surface: NULL, or a tile that repeats without a seam (limn_make_tileable), 8 bits, in photo's colour space: texture is copied from it and
 * from nowhere else, whatever sources says.
 * Thin parts (lines, text, specks of up to about 10 pixels) are completed from what is close around them; those under guidance are not,
 * nor any where sources or a surface are told. Without either, a plain frame (bars of one colour along photo's sides) goes on, and ends the surroundings.
 * A hole is filled with texture copied from the photo. Around lines the copy is replaced, block by block, by what detail generates from
 * base's picture where that costs less; a hole with nothing around it to copy is generated as a whole. Paint gives colours and broad
 * shading: texture is copied from where the photo has about the paint's colour, and tinted; where nothing has, the paint stays smooth,
 * with the photo's grain.
 * Pixels of photo with alpha 0 are unknown too, and are not used as context.
 * Holes that are far apart are filled one by one, in one overlay.
 * Of ten seeds (from 0 on) the first two copy from anywhere, the others each rather from one side of the hole. */
#define LIMN_FILL_AUTOMATIC_REACH 4
#define LIMN_SOURCES_LEAVE 1
#define LIMN_SOURCES_TAKE 128

typedef struct {
  LimnSampling sampling;
  float grow, feather;
  const LimnPixels *paint;
  const LimnMask *ink;
  const LimnMask *sources;
  const LimnPixels *surface;
} LimnFillOptions;

LimnStatus limn_fill (LimnEngine *engine, const LimnPixels *photo, const LimnMask *mask, const LimnFillOptions *options,
                      const LimnControl *control, LimnOverlay *overlay, LimnStats *stats, LimnError *error) LIMN_MUST_USE;

/* Select: the outline of a thing that is told roughly. hints: of photo's size, a LIMN_HINT_... for each pixel. Where any is LIMN_HINT_MAYBE, a
 * loop drawn around the thing, all that isn't told is outside; else it may be either, the less likely the farther from what is inside.
 * photo: the thing and its surroundings, from which colours are learned; work grows with its size. Where a loop's contents can't be told
 * from what is around it, the loop itself is the outline. mask: width * height bytes out, 255 = inside, soft by a pixel along the border;
 * undefined after an error. threads: as in LimnEngineOptions. LIMN_BAD_INPUT if no hint says what is inside. */
enum { LIMN_HINT_NONE = 0, LIMN_HINT_OUTSIDE = 1, LIMN_HINT_MAYBE = 128, LIMN_HINT_INSIDE = 255 };

LimnStatus limn_select (const LimnPixels *photo, const LimnMask *hints, int threads, const LimnControl *control, uint8_t *mask,
                        LimnError *error) LIMN_MUST_USE;

/* Colorize: new chroma, luma (0.299, 0.587, 0.114 of the encoded values) kept within rounding and gamut. In two halves, for a saturation
 * or a mask that changes while everything else stays: limn_colors_new finds the colours of a photo by the network and spreads them along
 * the photo's edges; limn_colors_paint makes the overlay.
 * photo: gray or coloured (its colours are ignored but where hints say so), the same one in both calls; hints: RGBA of the photo's size or
 * NULL, alpha > 127 = the user's colour here; saturation: factor on the chroma that the network
 * found, 0..2: the user's own colours stay; mask: NULL = everywhere.
 * Colours take at most 1280 x 1280 x 16 bytes and refer to nothing that they were found in. Free with limn_colors_free (NULL allowed). */
typedef struct {
  LimnSampling sampling;
  const LimnPixels *hints;
} LimnColorizeOptions;

typedef struct LimnColors LimnColors;

LimnStatus limn_colors_new (LimnColors **colors, LimnEngine *engine, const LimnPixels *photo, const LimnColorizeOptions *options,
                            const LimnControl *control, LimnStats *stats, LimnError *error) LIMN_MUST_USE;
void limn_colors_free (LimnColors *colors);
LimnStatus limn_colors_paint (const LimnColors *colors, LimnEngine *engine, const LimnPixels *photo, const LimnMask *mask, float saturation,
                              const LimnControl *control, LimnOverlay *overlay, LimnError *error) LIMN_MUST_USE;

/* ---------------------------------------------------------------- materials
 * What a sketch is painted with. A label plane has one byte for each pixel of the paint: LIMN_LABEL_NONE, a material's label,
 * LIMN_LABEL_PLAIN, or a value from LIMN_LABEL_OWN on for a surface that a person took from a photo. */

enum {
  LIMN_LABEL_NONE = 0,    /* nothing chosen: guessed from the paint where that is asked for, otherwise plain */
  LIMN_LABEL_OWN = 128,   /* to 254: surfaces of one's own (limn_surfaces_add_own) */
  LIMN_LABEL_PLAIN = 255, /* no material: the network's picture of the paint */
};

typedef enum {
  LIMN_GROUP_SKY,
  LIMN_GROUP_GROUND,
  LIMN_GROUP_WATER,
  LIMN_GROUP_PLANTS, /* and fur */
  LIMN_GROUP_BUILT,
  LIMN_N_GROUPS,
} LimnMaterialGroup;

/* A material. Labels and ids are kept in documents and recipes: they are never renumbered or renamed. */
typedef struct {
  uint8_t label;  /* 1..127 */
  const char *id; /* English, one word: "meadow" */
  LimnMaterialGroup group;
  uint8_t colour[3];   /* sRGB that it is typically painted with */
  const char *surface; /* name of its exemplar, a picture of that name in the materials folder; NULL: it is made by arithmetic alone */
} LimnMaterial;

/* Materials in the order in which they are offered, those of a group together; NULL from the count on. */
size_t limn_material_count (void);
const LimnMaterial *limn_material_at (size_t index);
/* NULL if no material has that label or id. */
const LimnMaterial *limn_material_of_label (uint8_t label);
const LimnMaterial *limn_material_of_id (const char *id);

/* The exemplars in the form that rendering reads. Immutable once all have been added; several engines may share one. */
typedef struct LimnSurfaces LimnSurfaces;

/* Empty: materials without a surface of their name are rendered without texture. Free with limn_surfaces_free (NULL allowed). */
LimnStatus limn_surfaces_new (LimnSurfaces **surfaces, LimnError *error) LIMN_MUST_USE;
void limn_surfaces_free (LimnSurfaces *surfaces);
/* Adds an exemplar: a picture of one surface seen straight on, 16 to 4096 pixels a side, 8 or 16 bits; its transparency is ignored. Pixels
 * are converted, so they may go afterwards. A name that is there already is replaced. */
LimnStatus limn_surfaces_add (LimnSurfaces *surfaces, const char *name, const LimnPixels *pixels, LimnError *error) LIMN_MUST_USE;
/* Adds a surface of one's own under label: LIMN_LABEL_OWN..254, or like's, which is then laid with it. It is laid, lit and bordered as the
 * material like is; pixels need not be tileable. */
LimnStatus limn_surfaces_add_own (LimnSurfaces *surfaces, uint8_t label, const LimnMaterial *like, const LimnPixels *pixels,
                                  LimnError *error) LIMN_MUST_USE;
/* Makes of a part of a photo, 16 to 1024 pixels a side, a tile that repeats without a seam: 8 bits, opaque, at least half as wide and high as
 * the part, its broad light evened out. Its transparency is ignored. */
LimnStatus limn_make_tileable (const LimnPixels *pixels, LimnOverlay *tile, LimnError *error) LIMN_MUST_USE;

/* ---------------------------------------------------------------- sketch */

/* What a sketch's last renderings with materials looked like, so that the next one paints only what a stroke has changed; the pixels are
 * the same as without. Holds at most two pictures, of at most 2 megapixels each. Free with limn_sketch_memory_free (NULL allowed). */
typedef struct LimnSketchMemory LimnSketchMemory;

LimnStatus limn_sketch_memory_new (LimnSketchMemory **memory, LimnError *error) LIMN_MUST_USE;
void limn_sketch_memory_free (LimnSketchMemory *memory);

/* How materials are painted. surfaces: of all materials; own: surfaces of one's own, or NULL. labels: of the paint's size, or NULL = nothing chosen. guess: unlabelled paint gets a material where one is
 * likely enough. horizon: fraction of the height, 0 (top) to 1, or LIMN_AUTOMATIC; previous_horizon: what the sketch's last rendering
 * found, so that an automatic one stays while it nearly fits, or LIMN_AUTOMATIC. sun_x, sun_y: fractions of width and height, sun_y at
 * most 1, sun_x from -1 to 2; sun_x = LIMN_AUTOMATIC: the painted sun, else from the left. straighten: lines of built things are
 * straightened. keep_lines: pencil lines stay visible as lines. memory: NULL, or that of earlier renderings, which this one joins; for one
 * engine's calls alone. */
typedef struct {
  const LimnSurfaces *surfaces, *own;
  const LimnMask *labels;
  bool guess;
  float horizon, previous_horizon;
  float sun_x, sun_y;
  bool straighten, keep_lines;
  LimnSketchMemory *memory;
} LimnSketchMaterials;

/* What a rendering with materials found. labels: NULL, or room of the paint's width * height bytes that receives the labels in effect:
 * those chosen, and where nothing was the guessed ones, LIMN_LABEL_PLAIN for painted pixels without, LIMN_LABEL_NONE for unpainted ones. */
typedef struct {
  float horizon, sun_x, sun_y;
  uint8_t *labels;
} LimnSketchFound;

/* Sketch: renders rough paint (RGBA, alpha = painted; NULL = none) and lines (255 = line; NULL = none), both of one size and not too
 * elongated, as a picture of width x height (8 bit, overlay at (0, 0), opaque). freedom in [0, 1]: 0 keeps to the paint, 1 only takes it
 * as a hint. Unpainted areas are white background; with more freedom paint extends farther into them (always up to lines that enclose
 * it), and from 0.95 on they are left to the network.
 * materials: NULL, or what areas are made of. Their pixels are laid from surfaces, tied to places in the picture and to the picture's
 * size, so that a small rendering looks as a large one and what isn't painted over stays; only the rest is the network's, which isn't
 * evaluated where nothing is left to it (an engine without base will do then). found: NULL, or filled in if there are materials. */
typedef struct {
  LimnSampling sampling;
  size_t width, height;
  float freedom;
  const LimnSketchMaterials *materials;
  LimnSketchFound *found;
} LimnSketchOptions;

LimnStatus limn_sketch (LimnEngine *engine, const LimnPixels *paint, const LimnMask *ink, const LimnSketchOptions *options,
                        const LimnControl *control, LimnOverlay *overlay, LimnStats *stats, LimnError *error) LIMN_MUST_USE;

/* Paints what has a material into a photo: by materials->labels within mask (255 = all of it), in the photo's broad light, with its grain,
 * and in the scale that a sketch of the photo's size would have. paint: its colours, RGBA, or NULL = the materials' own; ink: lines, or
 * NULL; all of the photo's size. overlay: what lies over the photo so far, or zeroed; materials are laid over that, and it stays where
 * nothing has one. It has the photo's depth. found: NULL, or filled in. Guesses nothing and evaluates no network. */
LimnStatus limn_paint_materials (LimnEngine *engine, const LimnPixels *photo, const LimnMask *mask, const LimnPixels *paint,
                                 const LimnMask *ink, const LimnSketchMaterials *materials, const LimnControl *control,
                                 LimnOverlay *overlay, LimnSketchFound *found, LimnError *error) LIMN_MUST_USE;

/* The labels in effect, without rendering. out: the paint's width * height bytes, as LimnSketchFound.labels. labels: what was chosen, or
 * NULL. */
LimnStatus limn_guess_materials (LimnEngine *engine, const LimnPixels *paint, const LimnMask *labels, const LimnControl *control,
                                 uint8_t *out, LimnError *error) LIMN_MUST_USE;

/* Upscale: scale 2, 3, 4 or 8. denoise in [0, 1]: strength of noise and JPEG block removal; LIMN_AUTOMATIC: as the photo's own noise
 * asks for, none for a clean one. faithful: averaged back down by the same factor the result equals the input within rounding (off where
 * noise is removed).
 * region: NULL = whole photo, or the part of the photo (x, y, width, height in photo pixels) whose enlargement is wanted.
 * The overlay has the photo's depth and holds the enlarged picture (of the region) at (0, 0), alpha enlarged with it
 * (averaged back down it is the photo's, too). */
typedef struct {
  size_t x, y, width, height;
} LimnRegion;

typedef struct {
  LimnSampling sampling;
  int scale;
  float denoise;
  bool faithful;
  const LimnRegion *region;
} LimnUpscaleOptions;

LimnStatus limn_upscale (LimnEngine *engine, const LimnPixels *photo, const LimnUpscaleOptions *options, const LimnControl *control,
                         LimnOverlay *overlay, LimnStats *stats, LimnError *error) LIMN_MUST_USE;

/* Restore: scratches, dust, creases, torn corners and stains are found and filled; grain is calmed, and tones are evened.
 * scratches: 0 (nothing is looked for) to 1 (what is only perhaps damage is taken, too). fading: 0 to 1, how far black, white and colour
 * cast are corrected. grain: 0 to 1, how much of the grain that the photo is measured to have is taken away.
 * marks: of the photo's size or NULL, what a person says of a place: from LIMN_MARKS_MEND on it is filled, whatever is found; from
 * LIMN_MARKS_SPARE on it isn't; 0: as it is found.
 * Where nothing is filled a pixel depends on grain and tones alone, and with both at 0 it stays, bit for bit. Transparency stays.
 * found: NULL, or filled in. A quick preview of a large photo looks at a smaller copy, fills smoothly and leaves the grain. */
#define LIMN_MARKS_SPARE 1
#define LIMN_MARKS_MEND 128

typedef struct {
  uint8_t *mask;       /* NULL, or room of the photo's width * height bytes: receives 255 where it is filled, else 0 */
  double damaged;      /* part of the photo that is filled */
  size_t spots;        /* how many places that is; 0 of a quick preview */
  double grain;        /* standard deviation of its luma's grain, of a range of 1; 0 where that wasn't asked for */
  double black, white; /* of its luma, as they are, of a range of 1; 0 and 1 where that wasn't asked for */
} LimnRestoreFound;

typedef struct {
  LimnSampling sampling;
  float scratches, fading, grain;
  const LimnMask *marks;
  LimnRestoreFound *found;
} LimnRestoreOptions;

LimnStatus limn_restore (LimnEngine *engine, const LimnPixels *photo, const LimnRestoreOptions *options, const LimnControl *control,
                         LimnOverlay *overlay, LimnStats *stats, LimnError *error) LIMN_MUST_USE;

/* How worn a photo is. spots: in how many places a copy of at most 1.2 megapixels is damaged without a doubt; black, white: of its luma, of
 * a range of 1. most_range: damage is looked for only where white is that far from black at most; otherwise no spots are told.
 * Quick enough to ask when a photo is opened; needs no networks. threads: as in LimnEngineOptions. */
typedef struct {
  size_t spots;
  double black, white;
} LimnWear;

LimnStatus limn_measure_wear (LimnWear *wear, const LimnPixels *photo, double most_range, int threads, const LimnControl *control,
                              LimnError *error) LIMN_MUST_USE;

/* ---------------------------------------------------------------- zero-shot editing (Song et al. 2023, algorithm 4)
 * For an unconditional checkpoint: a diffusers folder (config.json + diffusion_pytorch_model.safetensors). */

typedef enum {
  LIMN_ZERO_SHOT_FILL,
  LIMN_ZERO_SHOT_COLORIZE,
  LIMN_ZERO_SHOT_UPSCALE,
  LIMN_ZERO_SHOT_STROKES,
  LIMN_ZERO_SHOT_DENOISE,
  LIMN_ZERO_SHOT_INTERPOLATE, /* no picture: slerp of the noises of seed and seed_b by mix, one evaluation */
} LimnZeroShotTask;

/* photo is resampled to the checkpoint's sample_size square; the result is that size, 8 bit, opaque, at (0, 0).
 * mask: FILL only. scale: UPSCALE's patch side p. sigma: DENOISE's noise level (0 = 0.5). class_label: -1 = none.
 * steps: 1..1000 evaluations (40 in the paper for the first three, 2 for strokes, 1 for the others). */
typedef struct {
  LimnZeroShotTask task;
  LimnSampling sampling; /* seed, seed_b, mix; steps below counts */
  int steps;
  int scale;
  int class_label;
  float sigma;
} LimnZeroShotOptions;

LimnStatus limn_zero_shot (const char *checkpoint_folder, int threads, const LimnPixels *photo, const LimnMask *mask,
                           const LimnZeroShotOptions *options, const LimnControl *control, LimnOverlay *overlay, LimnStats *stats,
                           LimnError *error) LIMN_MUST_USE;

/* ---------------------------------------------------------------- models and measuring */

/* Metadata and size of a weight file or checkpoint folder. */
typedef struct {
  char role[16];            /* "base", "detail", "see" or "unconditional" */
  char see[32];             /* role "see": which recogniser it is; others: the recogniser whose features they take; "" = none */
  char parametrisation[32]; /* "limn-anchor" or "consistency"; "" for "see", which has neither it nor sigmas */
  char dtype[8];            /* "F16", "F32", "BF16" */
  char version[32];
  size_t parameters, tensors, file_bytes;
  size_t size; /* picture side that it was trained at */
  int space_to_depth;
  float sigma_min, sigma_max, sigma_data;
  uint64_t pictures_seen;
  double gflop;      /* of one evaluation at size */
  size_t plan_bytes; /* working memory of one evaluation at size */
  uint64_t hash;     /* of the file's bytes (FNV-1a of the header and the first and last MiB), to name it in recipes */
} LimnModelInfo;

LimnStatus limn_model_info (const char *path, LimnModelInfo *info, LimnError *error) LIMN_MUST_USE;

/* Times count evaluations of one network on zeros, after one warm-up; times_ms: [count] out. */
LimnStatus limn_bench (const char *path, int threads, size_t count, double *times_ms, LimnError *error) LIMN_MUST_USE;

#endif
