#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>
#include "include/svm_locale.h"
extern char **environ;
extern char *findJavaTZ_md(const char *java_home_dir);
char **getEnviron(void) { return environ; }
char *SVM_FindJavaTZmd(const char *mappings, int len) { (void)mappings; (void)len; return findJavaTZ_md(NULL); }
void codeSynchronization_clearCache(long start, long size) { __builtin___clear_cache((char *)start, (char *)start + size); }
int getThreadId(void) { return (int)syscall(SYS_gettid); }
long getThreadUserTimeSlow(int tid) {
  char path[64], buf[2048]; snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
  int fd = open(path, O_RDONLY | O_CLOEXEC); if (fd < 0) return -1;
  ssize_t n = read(fd, buf, sizeof buf - 1); close(fd); if (n <= 0) return -1; buf[n] = 0;
  char *s = strrchr(buf, ')'); if (!s) return -1; unsigned long ut;
  if (sscanf(s + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu", &ut) != 1) return -1;
  long hz = sysconf(_SC_CLK_TCK); return (long)(ut * (1000000000ull / (unsigned long)hz));
}
void *mremapP(void *o, size_t os, size_t ns, int flags, void *na) { return mremap(o, os, ns, flags, na); }

/* ---- signals ---- */
#define NSIGS 65
static volatile int owner; static sem_t sem; static volatile int sem_ok; static volatile unsigned pending[NSIGS];
int cSunMiscSignal_open(void) {
  int z = 0; if (!__atomic_compare_exchange_n(&owner, &z, 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) return 1;
  memset((void *)pending, 0, sizeof pending);
  if (sem_init(&sem, 0, 0) != 0) { owner = 0; return -1; }
  sem_ok = 1; return 0;
}
int cSunMiscSignal_close(void) { if (!owner) return -1; sem_ok = 0; int r = sem_destroy(&sem); __atomic_store_n(&owner, 0, __ATOMIC_SEQ_CST); return r; }
int cSunMiscSignal_awaitSemaphore(void) { int r = sem_wait(&sem); return (r != 0 && errno == EINTR) ? 0 : r; }
int cSunMiscSignal_signalSemaphore(void) { return sem_post(&sem); }
_Bool cSunMiscSignal_signalRangeCheck(int s) { return s > 0 && s < NSIGS; }
int cSunMiscSignal_checkPendingSignal(void) {
  for (int i = 1; i < NSIGS; i++) { unsigned v = pending[i]; while (v) { if (__atomic_compare_exchange_n(&pending[i], &v, v - 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) return i; } }
  return -1;
}
static void on_signal(int s) { int e = errno; if (s > 0 && s < NSIGS && sem_ok) { __atomic_fetch_add(&pending[s], 1, __ATOMIC_SEQ_CST); sem_post(&sem); } errno = e; }
void *cSunMiscSignal_signalHandlerFunctionPointer(void) { return (void *)on_signal; }

/* ---- attach listener (not wanted here) ---- */
void svm_attach_startup(char *p) { (void)p; }
void svm_attach_listener_cleanup(int s, char *p) { (void)s; (void)p; }
_Bool svm_attach_check_socket_file(char *p) { (void)p; return 0; }
_Bool svm_attach_is_init_trigger(char *p) { (void)p; return 0; }
int svm_attach_create_listener(char *p) { (void)p; return -1; }
int svm_attach_wait_for_request(int s) { (void)s; return -1; }
void svm_attach_shutdown_socket(int s) { (void)s; }

/* ---- locale ---- */
static svm_locale_props_t props; static char lbuf[2][4][24];
static void parse(const char *loc, int k, const char **lang, const char **script, const char **country, const char **variant) {
  *script = *country = *variant = NULL; *lang = "en";
  if (!loc || !*loc || !strcmp(loc, "C") || !strcmp(loc, "POSIX") || !strncmp(loc, "C.", 2)) return;
  char t[96]; strncpy(t, loc, sizeof t - 1); t[sizeof t - 1] = 0;
  char *at = strchr(t, '@'); if (at) *at++ = 0;
  char *dot = strchr(t, '.'); if (dot) *dot = 0;
  char *us = strchr(t, '_'); if (us) *us++ = 0;
  if (*t) { strncpy(lbuf[k][0], t, 23); *lang = lbuf[k][0]; }
  if (us && *us) { strncpy(lbuf[k][1], us, 23); *country = lbuf[k][1]; }
  if (at) { if (!strcmp(at, "latin")) *script = "Latn"; else if (!strcmp(at, "cyrillic")) *script = "Cyrl"; else if (strcmp(at, "euro")) { strncpy(lbuf[k][2], at, 23); *variant = lbuf[k][2]; } }
}
int svm_initialize_locale(void) {
  setlocale(LC_ALL, "");
  parse(setlocale(LC_MESSAGES, NULL), 0, &props.display_language, &props.display_script, &props.display_country, &props.display_variant);
  parse(setlocale(LC_CTYPE, NULL), 1, &props.format_language, &props.format_script, &props.format_country, &props.format_variant);
  return SVM_LOCALE_INITIALIZATION_SUCCEEDED;
}
svm_locale_props_t *svm_get_locale(void) { return &props; }
/* fixed-arity wrappers for variadic functions */
int fprintfSD(FILE *f, const char *fmt, const char *a, int b) { return fprintf(f, fmt, a, b); }
int openSII(const char *p, int flags, int mode) { return open(p, flags, mode); }
int openatISII(int d, const char *p, int flags, int mode) { return openat(d, p, flags, mode); }
