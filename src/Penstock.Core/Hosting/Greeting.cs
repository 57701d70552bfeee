using System.Text;
using Penstock.Auth;
using Penstock.Snapshot;

namespace Penstock.Hosting;

/// <summary>The start-up message: what to put into a client, what is in force, and one line to try.</summary>
internal static class Greeting
{
    public static string Write(StartOptions options, GatewaySnapshot snapshot, ListenerFacts listeners, EnvironmentKeys keys)
    {
        var text = new StringBuilder().AppendLine($"{Product.Name} {Product.Version}").AppendLine();
        var bases = listeners.Addresses.Select(BaseUrl).Distinct(StringComparer.Ordinal).ToList();
        foreach (var address in bases) Line("Base URL", address);
        Line("Settings", SettingsOf(options, snapshot));

        var keyed = snapshot.Catalogue.Rows.Where(row => !keys.For(row.EnvironmentKeys).IsEmpty).Select(row => row.Id).Order(StringComparer.Ordinal).ToList();
        Line("Keys", keyed.Count == 0
            ? "none in the environment: requests bring their provider's key"
            : string.Join(", ", keyed) + " (from the environment)");
        Line("Docs", Product.Source);
        text.AppendLine();
        if (!listeners.AllLoopback)
        {
            text.AppendLine("Warning: this listens beyond this machine, and everyone who reaches it may use it. Environment keys are off:");
            text.AppendLine("requests bring a key of their own, or name a saved config that has one.").AppendLine();
        }

        return text.AppendLine("Try it:").Append(Sample(bases.FirstOrDefault() ?? "", hasKey: listeners.AllLoopback && keyed.Contains("openai"))).AppendLine().ToString();

        void Line(string label, string value) => text.AppendLine($"  {label,-10}{value}");
    }

    /// <summary>The address as a client on this machine writes it; a wildcard is none.</summary>
    private static string BaseUrl(string bound)
    {
        foreach (var any in (ReadOnlySpan<string>)["//[::]", "//0.0.0.0", "//*", "//+"])
        {
            bound = bound.Replace(any, "//localhost", StringComparison.Ordinal);
        }

        return bound + "/v1";
    }

    private static string SettingsOf(StartOptions options, GatewaySnapshot snapshot) => File.Exists(options.ConfigFile)
        ? $"{options.ConfigFile} ({SnapshotSummary.Of(snapshot)})"
        : $"none ({options.ConfigFile} is read as soon as it is there)";

    private static string Sample(string baseUrl, bool hasKey)
    {
        var authorization = hasKey ? "" : """ -H "Authorization: Bearer $OPENAI_API_KEY" """.TrimEnd();
        return $$"""
              curl {{baseUrl}}/chat/completions -H "Content-Type: application/json"{{authorization}} -d '{"model": "openai/gpt-4o-mini", "messages": [{"role": "user", "content": "Hello!"}]}'
            """;
    }
}
