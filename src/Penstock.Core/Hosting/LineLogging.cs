using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Penstock.Hosting;

/// <summary>Logging as the programs do it.</summary>
internal static class LineLogging
{
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel";
    private const string Diagnostics = "Microsoft.AspNetCore.Hosting.Diagnostics";
    private const string Host = "Microsoft.Extensions.Hosting.Internal.Host";

    public static void AddLines(this ILoggingBuilder logging)
    {
        logging.Services.AddSingleton<ConsoleFormatter, LineFormatter>();
        logging.AddConsole(console => console.FormatterName = LineFormatter.FormatName);
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("Penstock", LogLevel.Information);

        // Both tell of a failed start with a stack trace; we tell of it in one line.
        logging.AddFilter(Kestrel, level => level is LogLevel.Warning or LogLevel.Error);
        logging.AddFilter(Host, LogLevel.Critical);

        // It logs nothing at these levels, but makes an activity and a scope for every request while it could. What
        // escapes a request the server itself logs.
        logging.AddFilter(Diagnostics, LogLevel.None);
    }
}
