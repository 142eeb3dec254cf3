/* The table of one instruction set's inner loops.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "isa.h"

#define TEXT_(name) #name
#define TEXT(name) TEXT_ (name)

const LimnKernels LIMN_K (limn_kernels) = {
  .name = TEXT (LIMN_ISA),
  .lanes = LANES,
  .gemm = LIMN_K (limn_gemm),
  .affine = LIMN_K (limn_affine),
  .finish = LIMN_K (limn_finish),
  .depthwise = LIMN_K (limn_depthwise),
  .moments = LIMN_K (limn_moments),
  .softmax = LIMN_K (limn_softmax),
  .winograd_weights = LIMN_K (limn_winograd_weights),
  .winograd_in = LIMN_K (limn_winograd_in),
  .winograd_out = LIMN_K (limn_winograd_out),
};
