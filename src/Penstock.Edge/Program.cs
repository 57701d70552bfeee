using Penstock.Hosting;
using Penstock.Http;

namespace Penstock.Edge;

/// <summary>The small server: the engine alone, trimmed to one file.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (CommandLine.Read(args, out var options) is { } exitCode) return exitCode;
        if (PenstockServer.CreateBuilder(options) is not { } builder) return 1;
        builder.Services.AddPenstock();
        await using var app = builder.Build();
        app.MapPenstock();
        return await PenstockServer.RunAsync(app);
    }
}
