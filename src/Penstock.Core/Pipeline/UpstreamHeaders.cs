using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Penstock.Auth;
using Penstock.Config;
using Penstock.Providers;

namespace Penstock.Pipeline;

/// <summary>
/// The headers of an upstream call. Typed operations send what the row says and what was asked to be forwarded; any
/// other path passes the client's own headers too. A configured key always wins over a header of the client.
/// </summary>
internal static class UpstreamHeaders
{
    /// <summary>Never pass upstream, not even when a caller asks for it: they belong to one connection, to its framing, or to a browser.</summary>
    private static readonly FrozenSet<string> Unforwardable = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization", "Proxy-Connection",
        "TE", "Trailer", "Transfer-Encoding", "Upgrade", "HTTP2-Settings", "Host", "Content-Length", "X-Content-Length", "Content-Type", "Cookie",
        "Cookie2", "Expect", "Accept-Encoding", "Forwarded", "Via", "X-Real-IP", "X-Client-IP", "True-Client-IP",
        "Fastly-Client-IP");

    /// <summary>Pass only when they are asked for: keys, and what a browser says about its page.</summary>
    private static readonly FrozenSet<string> Private = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Authorization", "x-api-key", "api-key", "x-goog-api-key", "Origin", "Referer");

    /// <returns>Null, or why the call cannot be made.</returns>
    /// <param name="address">Gets the key, where the provider wants it in the query.</param>
    public static GatewayError? Build(
        List<KeyValuePair<string, string>> headers,
        Exchange exchange,
        LeafTarget leaf,
        ProviderRow row,
        IReadOnlyDictionary<string, string> options,
        ProviderKey key,
        bool hasCustomHost,
        ref string address)
    {
        foreach (var template in row.Headers)
        {
            if (template.Template.TryFill(options, out var value)) Set(headers, template.Name, value);
        }

        // A client that speaks the provider's own API knows which version of it.
        if (exchange.Operation is Operation.Proxy or Operation.Messages) AddClientHeaders(headers, exchange);
        if (Authorise(headers, exchange, row, options, key, hasCustomHost, ref address) is { } error) return error;
        AddForwarded(headers, exchange, exchange.Overrides.ForwardHeaders ?? leaf.Settings.ForwardHeaders);
        foreach (var (name, value) in headers)
        {
            if (!HeaderGate.IsSafe(value)) return GatewayError.BadRequest($"The value of the header '{name}' holds control characters, such as a line break. Take them out.", name);
            if (CallerCredential.IsOurs(value)) return GatewayError.BadRequest($"The header '{name}' would send a key of this gateway to {row.Id}: use the provider's own key there.", name);
        }

        return null;
    }

    private static GatewayError? Authorise(
        List<KeyValuePair<string, string>> headers,
        Exchange exchange,
        ProviderRow row,
        IReadOnlyDictionary<string, string> options,
        ProviderKey key,
        bool hasCustomHost,
        ref string address)
    {
        foreach (var rule in row.AuthFor(exchange.Operation))
        {
            if (!Applies(rule, options)) continue;
            if (rule.KeyOption is not null) key = options.TryGetValue(rule.KeyOption, out var own) ? new ProviderKey(new Secret(own), default) : key;
            if (rule.Kind == AuthKind.Unsupported)
            {
                return new GatewayError(501, $"The way in which {row.Id} is to authenticate is not supported in this version. Give it an API key or a token.", GatewayError.InvalidRequest, "unsupported_authentication") { IsUnsupported = true };
            }

            if (key.IsNone)
            {
                // A server of one's own often has no keys.
                return rule.Optional || rule.Kind == AuthKind.None || hasCustomHost || row.IsCustom ? null : MissingKey(row);
            }

            switch (rule.Kind)
            {
                case AuthKind.Header:
                    Set(headers, rule.Name, key.Key.Reveal());
                    break;
                case AuthKind.Query:
                    address = QueryKey.Set(address, rule.Name, key.Key.Reveal());
                    break;
                default:
                    Set(headers, "Authorization", key.WithScheme(rule.Kind == AuthKind.Bearer ? rule.Name : "Bearer"));
                    break;
            }

            return null;
        }

        return null;
    }

    private static bool Applies(AuthRule rule, IReadOnlyDictionary<string, string> options)
    {
        if (rule.When is null) return true;
        var separator = rule.When.IndexOf('=', StringComparison.Ordinal);
        return separator < 0
            ? options.ContainsKey(rule.When)
            : options.TryGetValue(rule.When[..separator], out var value) && value == rule.When[(separator + 1)..];
    }

    private static GatewayError MissingKey(ProviderRow row)
    {
        var variable = row.EnvironmentKeys.IsEmpty ? "" : $" or set {row.EnvironmentKeys[0]} for the gateway";
        return new GatewayError(
            401,
            $"No API key for the provider '{row.Id}': send it as 'Authorization: Bearer …', put 'api_key' into the config target{variable}.",
            "authentication_error",
            "missing_api_key");
    }

    private static void AddClientHeaders(List<KeyValuePair<string, string>> headers, Exchange exchange)
    {
        foreach (var (name, values) in exchange.Headers)
        {
            if (MayForward(exchange, name) && !Private.Contains(name) && !exchange.Caller.IsGatewayKey(values.ToString())) Set(headers, name, values.ToString());
        }
    }

    private static bool MayForward(Exchange exchange, string name)
    {
        // Many servers read '_' as '-': Content_Length would be a second length to them.
        if (name.Contains('_', StringComparison.Ordinal)) name = name.Replace('_', '-');
        return !Unforwardable.Contains(name)
            && !ConnectionHeader.Names(exchange.Headers.Connection, name)
            && !name.StartsWith("x-portkey-", StringComparison.OrdinalIgnoreCase)
            && !name.StartsWith("x-penstock-", StringComparison.OrdinalIgnoreCase)
            && !name.StartsWith("x-forwarded-", StringComparison.OrdinalIgnoreCase)
            && !name.StartsWith("cf-", StringComparison.OrdinalIgnoreCase);
    }

    private static void AddForwarded(List<KeyValuePair<string, string>> headers, Exchange exchange, ImmutableArray<string> names)
    {
        foreach (var wanted in names)
        {
            if (FindLoosely(exchange.Headers, wanted) is not { } found) continue;
            if (MayForward(exchange, found.Key) && !exchange.Caller.IsGatewayKey(found.Value)) Set(headers, found.Key, found.Value);
        }
    }

    /// <summary>SDKs list the name in camel case and send the header in kebab case.</summary>
    private static KeyValuePair<string, string>? FindLoosely(IHeaderDictionary headers, string wanted)
    {
        if (headers.TryGetValue(wanted, out var exact)) return new(wanted, exact.ToString());
        var plain = Plain(wanted);
        foreach (var (name, values) in headers)
        {
            if (Plain(name).Equals(plain, StringComparison.OrdinalIgnoreCase)) return new(name, values.ToString());
        }

        return null;
    }

    private static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal);

    private static void Set(List<KeyValuePair<string, string>> headers, string name, string value)
    {
        for (var i = 0; i < headers.Count; i++)
        {
            if (!headers[i].Key.Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
            headers[i] = new(headers[i].Key, value);
            return;
        }

        headers.Add(new(name, value));
    }
}
