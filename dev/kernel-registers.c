/*
 * For dev/kernel: lets User Mode Linux run on processors whose vector registers take more room than it keeps for them.
 *
 * ptrace(2) hands out as much of a process's vector state (NT_X86_XSTATE) as it is asked for, and since Linux 5.14 takes
 * back nothing but the whole (xstateregs_set() in arch/x86/kernel/fpu/regset.c). User Mode Linux before 6.10 has room of a
 * fixed size, which is less than the whole where a processor has AMX; then its first process dies. What comes after that
 * room belongs to components that a process must ask for (arch_prctl(2), ARCH_REQ_XCOMP_PERM), which none in there can, so
 * here it is filled up as unused. The layout is that of XSAVE, standard form: Intel SDM volume 1, chapter 13.
 */
#define _GNU_SOURCE
#include <cpuid.h>
#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define HEADER_AT 512
#define COMPONENTS 63

static char whole[1 << 16] __attribute__((aligned(64)));

/* Those of the components in use that lie within the first `length` bytes. */
static uint64_t within(uint64_t used, size_t length)
{
	for (unsigned i = 2; i < COMPONENTS; i++) {
		unsigned size, offset, c, d;

		__cpuid_count(0xd, i, size, offset, c, d);
		if (size != 0 && offset + size > length)
			used &= ~(UINT64_C(1) << i);
	}
	return used;
}

static long set_vectors(pid_t pid, const struct iovec *part)
{
	struct iovec all = { whole, sizeof(whole) };
	uint64_t used;

	if (syscall(SYS_ptrace, PTRACE_GETREGSET, pid, NT_X86_XSTATE, &all) < 0)
		return -1;
	if (part->iov_len >= all.iov_len)
		return syscall(SYS_ptrace, PTRACE_SETREGSET, pid, NT_X86_XSTATE, part);
	memset(whole, 0, all.iov_len);
	memcpy(whole, part->iov_base, part->iov_len);
	memcpy(&used, whole + HEADER_AT, sizeof(used));
	used = within(used, part->iov_len);
	memcpy(whole + HEADER_AT, &used, sizeof(used));
	return syscall(SYS_ptrace, PTRACE_SETREGSET, pid, NT_X86_XSTATE, &all);
}

/* In place of that of the C library, whose PEEK requests answer what the kernel writes through `data`. */
long ptrace(enum __ptrace_request request, ...)
{
	va_list arguments;
	long answer, peeked;

	va_start(arguments, request);
	pid_t pid = va_arg(arguments, pid_t);
	void *address = va_arg(arguments, void *);
	void *data = va_arg(arguments, void *);
	va_end(arguments);

	if (request == PTRACE_SETREGSET && (long)address == NT_X86_XSTATE)
		return set_vectors(pid, data);
	if (request < PTRACE_PEEKTEXT || request > PTRACE_PEEKUSER)
		return syscall(SYS_ptrace, request, pid, address, data);
	answer = syscall(SYS_ptrace, request, pid, address, &peeked);
	if (answer < 0)
		return answer;
	errno = 0;
	return peeked;
}
