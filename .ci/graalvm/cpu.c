#include <cpuid.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "include/amd64cpufeatures.h"
typedef union { CPUFeatures f; unsigned long long w[(sizeof(CPUFeatures) + 7) / 8]; } padded;
#define BIT(r, n) (((r) >> (n)) & 1u)
static unsigned long long xcr0(void) { unsigned a, d; __asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0)); return ((unsigned long long)d << 32) | a; }
void determineCPUFeatures(CPUFeatures *f) {
  unsigned a, b, c, d, max, xmax;
  memset(f, 0, sizeof *f);
  max = __get_cpuid_max(0, 0);
  unsigned vb, vc, vd; __cpuid(0, a, vb, vc, vd);
  int intel = vb == signature_INTEL_ebx;
  unsigned a1, b1, c1, d1; __cpuid(1, a1, b1, c1, d1);
  unsigned b7 = 0, c7 = 0, d7 = 0, a71 = 0, d71 = 0;
  if (max >= 7) { __cpuid_count(7, 0, a, b7, c7, d7); unsigned sub = a; if (sub >= 1) __cpuid_count(7, 1, a71, b, c, d71); }
  xmax = __get_cpuid_max(0x80000000u, 0);
  unsigned ec = 0, ed = 0, apm = 0;
  if (xmax >= 0x80000001u) { __cpuid(0x80000001u, a, b, ec, ed); }
  if (xmax >= 0x80000007u) { unsigned x, y, z; __cpuid(0x80000007u, x, y, z, apm); }
  int os_avx = 0, os_avx512 = 0;
  if (BIT(c1, 27)) { unsigned long long x = xcr0(); os_avx = (x & 6) == 6; os_avx512 = (x & 0xe6) == 0xe6; }
  f->fCX8 = BIT(d1, 8); f->fCMOV = BIT(d1, 15); f->fFXSR = BIT(d1, 24); f->fHT = BIT(d1, 28);
  f->fMMX = BIT(d1, 23); f->fTSC = BIT(d1, 4); f->fSSE = BIT(d1, 25); f->fSSE2 = BIT(d1, 26);
  f->fSSE3 = BIT(c1, 0); f->fSSSE3 = BIT(c1, 9); f->fSSE4_1 = BIT(c1, 19); f->fSSE4_2 = BIT(c1, 20);
  f->fPOPCNT = BIT(c1, 23); f->fAES = BIT(c1, 25); f->fCLMUL = BIT(c1, 1); f->fHV = BIT(c1, 31);
  f->fSSE4A = BIT(ec, 6); f->fLZCNT = BIT(ec, 5); f->fAMD_3DNOW_PREFETCH = intel ? BIT(ec, 8) : (BIT(ec, 8) || BIT(ed, 31));
  f->fRDTSCP = BIT(ed, 27); f->fTSCINV_BIT = BIT(apm, 8); f->fTSCINV = BIT(apm, 8);
  f->fBMI1 = BIT(b7, 3); f->fBMI2 = BIT(b7, 8); f->fERMS = BIT(b7, 9); f->fRTM = BIT(b7, 11); f->fADX = BIT(b7, 19);
  f->fSHA = BIT(b7, 29); f->fFLUSHOPT = BIT(b7, 23); f->fCLWB = BIT(b7, 24); f->fFLUSH = BIT(d1, 19);
  f->fRDPID = BIT(c7, 22); f->fGFNI = BIT(c7, 8); f->fPKU = BIT(c7, 3); f->fOSPKE = BIT(c7, 4); f->fCET_SS = BIT(c7, 7);
  f->fSERIALIZE = BIT(d7, 14); f->fFSRM = BIT(d7, 4); f->fCET_IBT = BIT(d7, 20);
  if (os_avx && BIT(c1, 28)) {
    f->fAVX = 1; f->fVZEROUPPER = 1; f->fAVX2 = BIT(b7, 5); f->fFMA = BIT(c1, 12); f->fF16C = BIT(c1, 29);
    f->fAVX_IFMA = BIT(a71, 23); f->fSHA512 = BIT(a71, 0);
    if (os_avx512 && BIT(b7, 16)) {
      f->fAVX512F = 1; f->fAVX512DQ = BIT(b7, 17); f->fAVX512PF = BIT(b7, 26); f->fAVX512ER = BIT(b7, 27);
      f->fAVX512CD = BIT(b7, 28); f->fAVX512BW = BIT(b7, 30); f->fAVX512VL = BIT(b7, 31); f->fAVX512_IFMA = BIT(b7, 21);
      f->fAVX512_VPOPCNTDQ = BIT(c7, 14); f->fAVX512_VPCLMULQDQ = BIT(c7, 10); f->fAVX512_VAES = BIT(c7, 9);
      f->fAVX512_VNNI = BIT(c7, 11); f->fAVX512_VBMI = BIT(c7, 1); f->fAVX512_VBMI2 = BIT(c7, 6);
      f->fAVX512_BITALG = BIT(c7, 12); f->fAVX512_FP16 = BIT(d7, 23);
    }
  }
  (void)d71;
}
/* mask: one byte per feature, ~1 where the image needs it, 0xff elsewhere, padded to 8 bytes */
int checkCPUFeatures(const unsigned char *mask) {
  padded p; memset(&p, 0, sizeof p); determineCPUFeatures(&p.f);
  const unsigned char *have = (const unsigned char *)&p;
  for (unsigned i = 0; i < sizeof(CPUFeatures); i++) if ((unsigned char)(have[i] | mask[i]) != 0xff) return 1;
  return 0;
}
void checkCPUFeaturesOrExit(const unsigned char *mask, const char *msg) {
  if (checkCPUFeatures(mask)) { fputs(msg, stderr); fputc('\n', stderr); exit(1); }
}
