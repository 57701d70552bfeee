namespace Penstock.Tests.World;

/// <summary>Configs over the providers of a <see cref="TestWorld"/>.</summary>
internal static class Configs
{
    /// <summary><c>p0</c>, then <c>p1</c> … until one answers.</summary>
    public static string Fallback(int providers = 2, string strategy = "", string root = "") =>
        $$$"""{{{{root}}}"strategy":{"mode":"fallback"{{{strategy}}}},"targets":[{{{Targets(providers)}}}]}""";

    /// <summary><c>p0</c> with repeats. The connect clock is off, so that in virtual time only waits are short timers.</summary>
    public static string Retry(int attempts, string more = "") =>
        $$$"""{"provider":"p0","retry":{"attempts":{{{attempts}}}{{{more}}}},"timeouts":{"connect_ms":0}}""";

    public static string Targets(int providers) => string.Join(',', Enumerable.Range(0, providers).Select(i => $$"""{"provider":"p{{i}}"}"""));
}
