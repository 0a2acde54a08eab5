#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <pthread.h>
#include <jni.h>
void initialize(void) { }
jint JVM_ActiveProcessorCount(void) { return (jint)sysconf(_SC_NPROCESSORS_ONLN); }
jlong JVM_CurrentTimeMillis(JNIEnv *e, jclass c) { struct timespec t; clock_gettime(CLOCK_REALTIME, &t); return (jlong)t.tv_sec * 1000 + t.tv_nsec / 1000000; }
jlong JVM_NanoTime(JNIEnv *e, jclass c) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return (jlong)t.tv_sec * 1000000000LL + t.tv_nsec; }
jlong JVM_GetNanoTimeAdjustment(JNIEnv *e, jclass c, jlong off) {
  struct timespec t; clock_gettime(CLOCK_REALTIME, &t); jlong d = (jlong)t.tv_sec - off;
  if (d > 0x100000000LL || d < -0x100000000LL) return -1;
  return d * 1000000000LL + t.tv_nsec;
}
jlong Java_java_lang_System_currentTimeMillis(JNIEnv *e, jclass c) { return JVM_CurrentTimeMillis(e, c); }
jlong Java_java_lang_System_nanoTime(JNIEnv *e, jclass c) { return JVM_NanoTime(e, c); }
jlong Java_jdk_internal_misc_VM_getNanoTimeAdjustment(JNIEnv *e, jclass c, jlong off) { return JVM_GetNanoTimeAdjustment(e, c, off); }
void JVM_BeforeHalt(void) { }
void JVM_Halt(jint code) { exit(code); }
void *JVM_FindLibraryEntry(void *h, const char *n) { return dlsym(h, n); }
void *JVM_LoadLibrary(const char *n, jboolean t) { return dlopen(n, RTLD_LAZY); }
void JVM_UnloadLibrary(void *h) { dlclose(h); }
void *JVM_LoadZipLibrary(void) { return NULL; }
char *JVM_NativePath(char *p) { return p; }
jboolean JVM_IsSupportedJNIVersion(jint v) { return v == JNI_VERSION_1_1 || v == JNI_VERSION_1_2 || v == JNI_VERSION_1_4 || v == JNI_VERSION_1_6 || v == JNI_VERSION_1_8 || v == JNI_VERSION_9 || v == JNI_VERSION_10 || v == JNI_VERSION_19 || v == JNI_VERSION_20 || v == JNI_VERSION_21 || v == JNI_VERSION_24; }
jboolean JVM_IsUseContainerSupport(void) { return JNI_FALSE; }
jboolean JVM_IsContainerized(void) { return JNI_FALSE; }
jboolean JVM_RaiseSignal(jint s) { return raise(s) == 0; }
jboolean JVM_IsForeignLinkerSupported(void) { return JNI_TRUE; }
jboolean JVM_IsPreviewEnabled(void) { return JNI_FALSE; }
jboolean JVM_IsFinalizationEnabled(JNIEnv *e) { return JNI_FALSE; }
jboolean JVM_IsContinuationsSupported(void) { return JNI_TRUE; }
void *JVM_RawMonitorCreate(void) { pthread_mutex_t *m = malloc(sizeof *m); if (m) pthread_mutex_init(m, NULL); return m; }
void JVM_RawMonitorDestroy(void *m) { pthread_mutex_destroy(m); free(m); }
jint JVM_RawMonitorEnter(void *m) { pthread_mutex_lock(m); return 0; }
void JVM_RawMonitorExit(void *m) { pthread_mutex_unlock(m); }
int jio_vsnprintf(char *s, size_t n, const char *f, va_list a) { if ((ssize_t)n <= 0) return -1; int r = vsnprintf(s, n, f, a); if (r >= 0 && (size_t)r >= n) { s[n - 1] = 0; r = -1; } return r; }
int jio_snprintf(char *s, size_t n, const char *f, ...) { va_list a; va_start(a, f); int r = jio_vsnprintf(s, n, f, a); va_end(a); return r; }
int jio_vfprintf(FILE *o, const char *f, va_list a) { return vfprintf(o, f, a); }
int jio_fprintf(FILE *o, const char *f, ...) { va_list a; va_start(a, f); int r = vfprintf(o, f, a); va_end(a); return r; }
/* libmanagement_ext asks for the HotSpot management table at load time */
static jint jmm_version(JNIEnv *e) { return 0x20040000; }
static struct { void *r1, *r2; jint (*v)(JNIEnv *); void *rest[64]; } jmm = { NULL, NULL, jmm_version, {0} };
void *JVM_GetManagement(jint v) { return &jmm; }
