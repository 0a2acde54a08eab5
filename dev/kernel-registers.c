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
static size_t length; /* of the whole, as the kernel has it */
static size_t room;
static uint64_t within_room;

/* The components that lie within the first `bytes`. Asked once: in a virtual machine, each CPUID takes microseconds. */
static uint64_t components_within(size_t bytes)
{
	uint64_t within = 3; /* x87 and SSE, which come before the header */

	for (unsigned i = 2; i < COMPONENTS; i++) {
		unsigned size, offset, c, d;

		__cpuid_count(0xd, i, size, offset, c, d);
		if (size != 0 && offset + size <= bytes)
			within |= UINT64_C(1) << i;
	}
	return within;
}

static int learn(pid_t pid, size_t bytes)
{
	struct iovec all = { whole, sizeof(whole) };

	if (syscall(SYS_ptrace, PTRACE_GETREGSET, pid, NT_X86_XSTATE, &all) < 0)
		return -1;
	length = all.iov_len;
	room = bytes;
	within_room = components_within(bytes);
	return 0;
}

static long set_vectors(pid_t pid, const struct iovec *part)
{
	struct iovec all = { whole, 0 };
	uint64_t used;

	if (part->iov_len != room && learn(pid, part->iov_len) < 0)
		return -1;
	if (room >= length)
		return syscall(SYS_ptrace, PTRACE_SETREGSET, pid, NT_X86_XSTATE, part);
	memcpy(whole, part->iov_base, room);
	memset(whole + room, 0, length - room);
	memcpy(&used, whole + HEADER_AT, sizeof(used));
	used &= within_room;
	memcpy(whole + HEADER_AT, &used, sizeof(used));
	all.iov_len = length;
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
