using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Penstock.Bench;

/// <summary>What the measurements need from Linux and .NET does not offer.</summary>
internal static partial class Libc
{
    private const int SetTimerSlack = 29;
    private const int ScheduledCpuClock = 2;

    /// <summary>
    /// The CPU time that a process has used so far: user and system, all threads, those that ended too. In nanoseconds,
    /// where <c>/proc/PID/stat</c> counts in hundredths of a second.
    /// </summary>
    /// <exception cref="Win32Exception">There is no such process any more.</exception>
    public static long CpuNanoseconds(int processId)
    {
        // Source: clock_getcpuclockid(3); the clock of a process is made from its id like this in every libc.
        if (ClockGetTime((~processId << 3) | ScheduledCpuClock, out var time) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }

    /// <summary>Lets the calling thread's sleeps end when they are due, not up to 50 µs later.</summary>
    public static void SleepExactly() => _ = ProcessControl(SetTimerSlack, 1, 0, 0, 0);

    public static void Sleep(long nanoseconds)
    {
        var time = new TimeSpec(nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
        _ = NanoSleep(in time, 0);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpec time, nint remaining);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ProcessControl(int option, nuint value, nuint unused3, nuint unused4, nuint unused5);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
