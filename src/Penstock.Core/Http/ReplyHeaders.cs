using System.Collections.Frozen;
using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Penstock.Auth;
using Penstock.Pipeline;

namespace Penstock.Http;

/// <summary>The headers of an answer: the provider's own, and ours about how it came about.</summary>
internal static class ReplyHeaders
{
    /// <summary>
    /// Of one connection, of the provider's origin, for its browser clients, or an order to the proxy in front of us (to
    /// send a file of its own instead): not the caller's business.
    /// </summary>
    private static readonly FrozenSet<string> Dropped = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Connection", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade", "Set-Cookie", "Set-Cookie2", "Date", "Server", "Alt-Svc", "Strict-Transport-Security",
        "Content-Encoding", "Content-Length", "Clear-Site-Data", "Service-Worker-Allowed", "Refresh", "NEL", "Report-To",
        "Reporting-Endpoints", "X-Sendfile", "X-Lighttpd-Send-File", "X-Reproxy-URL");

    private static readonly string[] DroppedPrefixes = ["x-portkey-", "x-penstock-", "x-accel-", "access-control-"];

    /// <summary>Everything that the provider said and that may pass. What is there already is ours, and stays.</summary>
    /// <param name="withBody">Also what describes the body: not when we write another one.</param>
    /// <param name="key">A header that repeats this key is left out.</param>
    public static void CopyFrom(HttpResponseMessage message, IHeaderDictionary headers, bool withBody, SentKey? key)
    {
        var connection = message.Headers.NonValidated.TryGetValues("Connection", out var named) ? named.ToString() : "";
        foreach (var (name, values) in message.Headers.NonValidated)
        {
            if (MayPass(name) && !ConnectionHeader.Names(connection, name)) Copy(headers, name, values, key);
        }

        foreach (var (name, values) in message.Content.Headers.NonValidated)
        {
            if (Dropped.Contains(name) || ConnectionHeader.Names(connection, name)) continue;
            if (withBody || !name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)) Copy(headers, name, values, key);
        }
    }

    /// <summary>Takes back what <see cref="CopyFrom"/> gave, where another answer must go out.</summary>
    public static void Withdraw(HttpResponseMessage message, IHeaderDictionary headers)
    {
        foreach (var (name, values) in message.Headers.NonValidated) Withdraw(headers, name, values);
        foreach (var (name, values) in message.Content.Headers.NonValidated) Withdraw(headers, name, values);
    }

    private static bool MayPass(string name)
    {
        if (Dropped.Contains(name)) return false;
        if (name[0] is not ('x' or 'X' or 'a' or 'A')) return true;
        foreach (var prefix in DroppedPrefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) return false;
        }

        return true;
    }

    /// <summary>On every answer, errors too: SDKs decide by the trace id whether to repeat.</summary>
    public static void AddTrace(IHeaderDictionary headers, string traceId) => headers["x-portkey-trace-id"] = traceId;

    public static void AddRoute(IHeaderDictionary headers, Outcome outcome)
    {
        headers["x-portkey-last-used-option-index"] = outcome.Leaf?.Path ?? "config";
        headers["x-portkey-retry-attempt-count"] = outcome.RetryCount.ToString(CultureInfo.InvariantCulture);
        headers["x-portkey-cache-status"] = "DISABLED";
        if (outcome.Provider is { } provider) headers["x-portkey-provider"] = provider.Id;

        // We repeated already, or tried other targets: an SDK that repeats as well multiplies the load.
        if (outcome.WasRouted && !outcome.IsSuccess) headers["x-should-retry"] = "false";
    }

    /// <summary>The same for an answer that no target had a part in.</summary>
    public static void AddNoRoute(IHeaderDictionary headers)
    {
        headers.TryAdd("x-portkey-last-used-option-index", "config");
        headers.TryAdd("x-portkey-retry-attempt-count", "0");
        headers.TryAdd("x-portkey-cache-status", "DISABLED");
    }

    /// <summary>Leaves out what no server may write: a control character would fail the whole answer.</summary>
    private static void Copy(IHeaderDictionary headers, string name, HeaderStringValues values, SentKey? key)
    {
        if (headers.ContainsKey(name)) return;
        foreach (var value in values)
        {
            if (!HeaderGate.IsSafe(value) || key?.IsIn(value) == true) return;
        }

        headers[name] = Values(values);
    }

    private static void Withdraw(IHeaderDictionary headers, string name, HeaderStringValues values)
    {
        if (MayPass(name) && headers.TryGetValue(name, out var present) && present == Values(values)) headers.Remove(name);
    }

    private static StringValues Values(HeaderStringValues values)
    {
        if (values.Count == 1) return values.ToString();
        var all = new string[values.Count];
        var i = 0;
        foreach (var value in values) all[i++] = value;
        return all;
    }
}
