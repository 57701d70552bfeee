using System.Collections.Immutable;
using Penstock.Auth;
using Penstock.Json;

namespace Penstock.Config;

/// <summary>Reads what targets inherit, over what the level above says.</summary>
internal static class LeafSettingsReader
{
    private const string ForwardHeaders = "x-portkey-forward-headers";

    public static LeafSettings Read(ConfigObject node, LeafSettings inherited, Compilation compilation)
    {
        UnsupportedMembers.CheckModel(node, "override_params");
        UnsupportedMembers.CheckModel(node, "default_params");
        return inherited with
        {
            OverrideParams = Merge(inherited.OverrideParams, node.Members("override_params")),
            DefaultParams = Merge(inherited.DefaultParams, node.Members("default_params")),
            DropParams = ReadPaths(node, compilation.Faults) ?? inherited.DropParams,
            Retry = ReadRetry(node.Object("retry", ConfigMembers.Retry)) ?? inherited.Retry,
            Clocks = ClockReader.Read(node).Over(inherited.Clocks),
            CustomHost = ReadCustomHost(node, compilation.Scope) ?? inherited.CustomHost,
            ForwardHeaders = ReadForwardHeaders(node, compilation.Faults) ?? inherited.ForwardHeaders,
        };
    }

    private static ImmutableArray<(string Name, byte[] Json)> Merge(ImmutableArray<(string Name, byte[] Json)> inherited, IReadOnlyList<KeyValuePair<string, JsonPart>>? own)
    {
        if (own is null || own.Count == 0) return inherited;
        var merged = inherited.ToBuilder();
        foreach (var (name, value) in own)
        {
            var same = 0;
            while (same < inherited.Length && inherited[same].Name != name) same++;
            if (same == inherited.Length) merged.Add((name, value.ToUtf8()));
            else merged[same] = (name, value.ToUtf8());
        }

        return merged.ToImmutable();
    }

    private static ImmutableArray<ParamPath>? ReadPaths(ConfigObject node, JsonFaults faults)
    {
        if (node.Texts("drop_params") is not { } texts) return null;
        var paths = ImmutableArray.CreateBuilder<ParamPath>(texts.Count);
        foreach (var (text, path, part) in texts)
        {
            try
            {
                paths.Add(ParamPath.Parse(text));
            }
            catch (FormatException e)
            {
                faults.Add(path, e.Message, part);
            }
        }

        if (paths.Count(path => path.Steps.Count > 1) > ParamPath.MaxBelowTop)
        {
            node.Fault("drop_params", $"More than {ParamPath.MaxBelowTop} of the paths go below the top level. Name the members themselves, or use [*].");
        }

        return paths.ToImmutable();
    }

    private static RetryPolicy? ReadRetry(ConfigObject? retry)
    {
        if (retry is null) return null;
        if (retry.Text("backoff") is { } backoff && backoff != "exponential")
        {
            retry.Fault("backoff", $"Unknown backoff '{ShortText.Of(backoff)}'. The only one is 'exponential', which holds without being named too.");
        }

        if (retry.Has("use_retry_after_header") && retry.Has("use_retry_after_headers"))
        {
            retry.Fault("use_retry_after_headers", "'use_retry_after_header' and 'use_retry_after_headers' are the same member. Give it once.");
        }

        var statuses = retry.Statuses("on_status_codes") ?? RetryPolicy.DefaultStatuses;
        var useRetryAfter = retry.Flag("use_retry_after_header") ?? retry.Flag("use_retry_after_headers") ?? false;
        return new RetryPolicy(ReadAttempts(retry), statuses, useRetryAfter);
    }

    private static int ReadAttempts(ConfigObject retry)
    {
        if (!retry.Has("attempts"))
        {
            retry.Fault("attempts", $"How often to repeat was expected here: a whole number from 0 to {RetryPolicy.MaxAttempts}.");
        }
        else if (retry.Number("attempts") is { } attempts)
        {
            if (double.IsInteger(attempts)) return (int)Math.Min(attempts, RetryPolicy.MaxAttempts);
            retry.Fault("attempts", ConfigObject.Expected("a whole number", retry.Get("attempts")!));
        }

        return 0;
    }

    private static string? ReadCustomHost(ConfigObject node, ConfigScope scope)
    {
        if (node.Text("custom_host")?.Trim() is not { Length: > 0 } host) return null;
        if (scope.CheckHost(host) is not { } fault) return host;
        node.Fault("custom_host", $"The custom host {fault}");
        return null;
    }

    /// <summary>An empty list counts: it ends what the level above forwards.</summary>
    private static ImmutableArray<string>? ReadForwardHeaders(ConfigObject node, JsonFaults faults)
    {
        if (node.Texts("forward_headers") is not { } texts) return null;
        var names = ImmutableArray.CreateBuilder<string>(texts.Count);
        foreach (var (text, path, part) in texts)
        {
            var name = text.Trim();
            if (name.Equals(ForwardHeaders, StringComparison.OrdinalIgnoreCase)) faults.Add(path, $"'{ForwardHeaders}' cannot forward itself. Take it out of the list.", part);
            else if (!HeaderGate.IsName(name)) faults.Add(path, "The name of a request header was expected.", part);
            else names.Add(name);
        }

        return names.ToImmutable();
    }
}
