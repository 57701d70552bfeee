using System.Runtime.CompilerServices;
using System.Text.Json;
using Penstock.Dialects;
using Penstock.Dialects.OpenAi;
using Penstock.Json;
using Penstock.Providers;
using Penstock.Transport;

namespace Penstock.Pipeline;

/// <summary>
/// Decides whether an answer is one. While another attempt is possible it is held until a stream has shown content or a
/// document is whole; on the last attempt it goes on at once.
/// </summary>
internal static class ReplyJudge
{
    /// <summary>A document of more than this is passed on before its end is here.</summary>
    private const int MaxHeldBytes = 256 << 10;

    /// <summary>
    /// The same on the last attempt: a client cannot use half a document, but it can use the error that is still possible.
    /// </summary>
    private const int MaxHeldAtLastBytes = 64 << 10;

    /// <exception cref="IOException">The body broke off while it was held.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<Outcome> OpenAsync(PreparedCall call, HttpResponseMessage response, AttemptClock clock, bool mayRepeat)
    {
        if ((int)response.StatusCode < 200)
        {
            return Outcome.Failed(call.Leaf, call.Provider, Close(response, clock, $"{call.Provider.Id} answered with the status {(int)response.StatusCode}, which ends no request."), isNetworkFailure: true);
        }

        if (ReplyFraming.FaultIn(response) is { } fault)
        {
            return Outcome.Failed(call.Leaf, call.Provider, Close(response, clock, $"{call.Provider.Id} answered {fault}"), isNetworkFailure: true);
        }

        if ((int)response.StatusCode is >= 300 and < 400 && call.Exchange.Method == HttpMethod.Post && call.Exchange.Operation != Operation.Proxy)
        {
            // Passed on, it would make clients send their headers there, and those hold more than a provider may see.
            return Outcome.Failed(call.Leaf, call.Provider, Close(response, clock, $"{call.Provider.Id} answered {(int)response.StatusCode}, a redirect, and those are not followed. Set the address that it leads to as the provider's base URL or custom host."), isNetworkFailure: false);
        }

        // As it stands: the library leaves out what is no list of tokens, and the body would pass for plain.
        var encoding = response.Content.Headers.NonValidated.TryGetValues("Content-Encoding", out var encodings) ? string.Join(',', encodings) : "";
        var raw = await response.Content.ReadAsStreamAsync(clock.Token);
        var isEventStream = (int)response.StatusCode is not (204 or 205) && IsEventStream(response);
        var body = ContentDecoding.Open(raw, encoding);
        if (body is null)
        {
            return Outcome.Failed(call.Leaf, call.Provider, Close(response, clock, $"{call.Provider.Id} answered in the content encoding '{ShortText.Of(encoding)}', which is not known here and was not asked for."), isNetworkFailure: true);
        }

        var watcher = isEventStream && response.IsSuccessStatusCode ? CreateWatcher(call) : null;
        var isDecoded = !ReferenceEquals(body, raw);
        var reply = new UpstreamReply(response, body, call, clock, watcher)
        {
            IsDecoded = isDecoded,
            Balance = watcher is null && !isDecoded && ReplyFraming.IsOpenEnded(response) && (ExpectsJson(call.Exchange) || IsJson(response)) ? new JsonBalance() : null,
            SentKey = (!response.IsSuccessStatusCode || isEventStream) && SentKey.Of(call) is { } key && (key.IsGateways || !response.IsSuccessStatusCode) ? key : null,
        };
        if (!response.IsSuccessStatusCode) return Outcome.Of(call.Leaf, call.Provider, reply);

        GatewayError? error;
        try
        {
            error = isEventStream
                ? await HoldStreamAsync(call, reply, mayRepeat)
                : await HoldDocumentAsync(call, reply, mayRepeat);
        }
        catch
        {
            reply.Dispose();
            throw;
        }

        if (error is null) return Outcome.Of(call.Leaf, call.Provider, reply);
        reply.Dispose();
        return Outcome.Failed(call.Leaf, call.Provider, error, isNetworkFailure: error.ProviderBody is null);
    }

    private static bool IsEventStream(HttpResponseMessage response) => IsOfType(response, "text/event-stream");

    private static bool IsJson(HttpResponseMessage response) => IsOfType(response, "application/json");

    private static bool IsOfType(HttpResponseMessage response, string type) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types)
        && types.ToString().StartsWith(type, StringComparison.OrdinalIgnoreCase);

    private static StreamWatcher CreateWatcher(PreparedCall call) => call.Exchange.Operation is Operation.Chat or Operation.Completion
        ? new ChatStreamWatcher(call.Choices)
        : new PlainStreamWatcher();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<GatewayError?> HoldStreamAsync(PreparedCall call, UpstreamReply reply, bool mayRepeat)
    {
        if (ExpectsJson(call.Exchange) && !call.Streams) return GatewayError.BadGateway($"{call.Provider.Id} answered with an event stream, and none was asked for.");
        if (!mayRepeat) return null;
        var watcher = reply.Watcher!;
        while (reply.HeldBytes < MaxHeldBytes)
        {
            await reply.ReadAsync();
            reply.WatchWholeEvents();
            if (watcher.Error is { } error && !watcher.HasContent) return FromError(call, error);
            if (watcher.HasContent) break;
            if (reply.IsAtEnd) return GatewayError.BadGateway($"{call.Provider.Id} ended its stream without any content.");
        }

        reply.Clock.ContentArrived();
        return null;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<GatewayError?> HoldDocumentAsync(PreparedCall call, UpstreamReply reply, bool mayRepeat)
    {
        if (!ExpectsJson(call.Exchange)) return await FindMissingAsync(call, reply);
        var limit = mayRepeat ? MaxHeldBytes : MaxHeldAtLastBytes;
        while (!reply.IsAtEnd && reply.HeldBytes < limit) await reply.ReadAsync();

        reply.Clock.ContentArrived();
        return JudgeDocument(call, reply) is { } what ? what
            : call.Streams ? GatewayError.BadGateway($"{call.Provider.Id} answered with a document, and a stream was asked for.")
            : null;
    }

    private static GatewayError? JudgeDocument(PreparedCall call, UpstreamReply reply)
    {
        var first = reply.Held.TrimStart(" \t\r\n\uFEFF"u8);
        if (first.Length == 0) return Wrong("an empty body");
        if (first[0] is not ((byte)'{' or (byte)'[')) return Wrong("a body that is not JSON");

        // What is larger than we hold is judged by its first byte alone.
        if (!reply.IsAtEnd) return null;
        return AnswerDocument.Judge(reply.Held, call.Exchange.Operation) switch
        {
            AnswerShape.Broken => Wrong("a body that is not valid JSON, or only a part of it"),
            AnswerShape.Other => Wrong($"JSON that is no answer to {OperationFacts.Of(call.Exchange.Operation).Words}"),
            AnswerShape.Error => FromError(call, reply.Held.ToArray()),
            _ => null,
        };

        GatewayError Wrong(string body) => GatewayError.BadGateway($"{call.Provider.Id} answered {reply.Status} with {body}. Its base URL may lead to something else.");
    }

    /// <summary>Of answers that may be anything: a page is none of them, and nothing is neither speech nor an image.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<GatewayError?> FindMissingAsync(PreparedCall call, UpstreamReply reply)
    {
        var exchange = call.Exchange;
        if (exchange.Method != HttpMethod.Post || exchange.Operation is Operation.Proxy or Operation.Files) return null;
        if (IsOfType(reply.Message, "text/html")) return GatewayError.BadGateway($"{call.Provider.Id} answered {reply.Status} with a web page. Its base URL may lead to something else.");
        if (exchange.Operation is not (Operation.Speech or Operation.Image)) return null;
        await reply.ReadAsync();
        return reply.IsAtEnd && reply.HeldBytes == 0 ? GatewayError.BadGateway($"{call.Provider.Id} answered {reply.Status} with an empty body.") : null;
    }

    /// <summary>Operations whose success is always a JSON document, or a stream where one was asked for.</summary>
    private static bool ExpectsJson(Exchange exchange) =>
        exchange.Method == HttpMethod.Post
        && exchange.Operation is Operation.Chat or Operation.Completion or Operation.Embedding or Operation.Moderation or Operation.Rerank or Operation.Responses or Operation.Messages;

    /// <summary>An error in an answer of success is a failed call: with the status that the error names, else 502.</summary>
    private static GatewayError FromError(PreparedCall call, byte[] data)
    {
        SentKey.Of(call)?.Mask(data);
        var status = 502;
        try
        {
            using var document = JsonDocument.Parse(data);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("error", out var error)
                && error.ValueKind == JsonValueKind.Object
                && (StatusIn(error, "code") ?? StatusIn(error, "status")) is { } named)
            {
                status = named;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // An error in a form that we do not know is still an error. The other exception is a lone surrogate in a name.
        }

        var isAnthropics = call.Exchange.Operation == Operation.Messages && AnswerDocument.Judge(data, Operation.Messages) == AnswerShape.Error;
        return new GatewayError(status, $"{call.Provider.Id} said that it failed, with a status that says it did not.", "upstream_error")
        {
            ProviderBody = isAnthropics ? data : ProviderError.Normalise(call.Provider.Id, status, "application/json", data),
        };
    }

    private static int? StatusIn(JsonElement error, string name) =>
        error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var status) && status is >= 400 and <= 599
            ? status
            : null;

    private static GatewayError Close(HttpResponseMessage response, AttemptClock clock, string message)
    {
        response.Dispose();
        response.RequestMessage?.Dispose();
        clock.Dispose();
        return GatewayError.BadGateway(message);
    }
}
