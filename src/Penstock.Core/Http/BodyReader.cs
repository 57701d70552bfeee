using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Penstock.Auth;
using Penstock.Json;
using Penstock.Pipeline;
using Penstock.Providers;
using Penstock.Snapshot;
using Penstock.Transport;

namespace Penstock.Http;

/// <summary>
/// Takes a request's body in the way its kind asks for: JSON is held and scanned, small uploads are held so that they
/// can be sent again, large ones pass as they arrive.
/// </summary>
internal static class BodyReader
{
    /// <summary>A body of more than this is not scanned on a thread that serves sockets: it takes a millisecond or more.</summary>
    private const int MaxAtOnceBytes = 2 << 20;

    /// <summary>Operations whose body is JSON and nothing else.</summary>
    private static bool IsJsonOnly(Operation operation) => operation is
        Operation.Chat or Operation.Completion or Operation.Embedding or Operation.Image or Operation.Speech
        or Operation.Moderation or Operation.Rerank;

    /// <returns>Null, or what is wrong with the content type.</returns>
    public static GatewayError? CheckContentType(HttpRequest request, Operation operation)
    {
        if (request.ContentType is { } sent && !HeaderGate.IsSafe(sent)) return GatewayError.BadRequest("The content type holds control characters. Take them out.", "content-type", "invalid_content_type");
        if (!IsJsonOnly(operation) || request.ContentType is not { Length: > 0 } type || IsJson(type)) return null;
        return GatewayError.BadRequest($"The content type '{MediaType(type)}' does not fit this route: send application/json.", "content-type", "invalid_content_type");
    }

    /// <returns>Null, or why the body cannot be taken.</returns>
    /// <exception cref="BadHttpRequestException">The body's framing is broken.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<GatewayError?> ReadAsync(HttpContext context, Exchange exchange, GatewayLimits limits, TimeProvider time)
    {
        var request = context.Request;
        exchange.ContentType = request.ContentType;
        var isJsonOnly = IsJsonOnly(exchange.Operation);
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false } || request.ContentLength == 0)
        {
            return isJsonOnly ? GatewayError.BadRequest("The request has no body.", code: "body_missing") : null;
        }

        var isJson = IsJson(request.ContentType) || (isJsonOnly && string.IsNullOrEmpty(request.ContentType));
        var limit = isJson ? limits.JsonBytes : IsMultipart(request.ContentType) ? limits.MultipartBytes : limits.UploadBytes;
        if (request.ContentLength > limit) return TooLarge(limit);
        if (!isJson && (request.ContentLength is null || request.ContentLength > limits.ReplayBytes))
        {
            exchange.Upload = new StreamedBody(request.BodyReader, request.ContentLength, limit);
            return null;
        }

        var lease = new BodyLease((int)(request.ContentLength ?? 4096));
        exchange.Body = lease;
        if (await FillAsync(request, exchange, lease, limit, time) is { } fault) return fault;
        if (!isJson) return null;
        exchange.ContentType ??= "application/json";
        if (lease.Length > MaxAtOnceBytes) await Task.Yield();
        return Scan(exchange, lease, isJsonOnly);
    }

    private static GatewayError? Scan(Exchange exchange, BodyLease lease, bool isJsonOnly)
    {
        try
        {
            exchange.Scan = BodyScanPool.Read(lease.Memory);
            return null;
        }
        catch (BodyException) when (!isJsonOnly)
        {
            // On an untyped path the provider is the one to judge; nothing of ours looks into the body.
            return null;
        }
        catch (BodyException e)
        {
            return GatewayError.BadRequest(e.Message, code: "invalid_json");
        }
    }

    /// <returns>Null, or why the body is not whole.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<GatewayError?> FillAsync(HttpRequest request, Exchange exchange, BodyLease lease, long limit, TimeProvider time)
    {
        var reader = request.BodyReader;
        BodyPatience? patience = null;
        var turn = new FairTurn();
        try
        {
            while (true)
            {
                // Without a token: when the client leaves, the read fails of its own accord.
                var reading = reader.ReadAsync(CancellationToken.None);
                if (!reading.IsCompleted) (patience ??= new BodyPatience(reader, time, exchange.Snapshot.Settings.Clocks.IdleMs, exchange.Cut)).Begin();
                var read = await reading;
                var isTooLarge = lease.Length + read.Buffer.Length > limit;
                if (!isTooLarge)
                {
                    foreach (var segment in read.Buffer) lease.Append(segment.Span);
                }

                reader.AdvanceTo(read.Buffer.End);
                if (isTooLarge) return TooLarge(limit);
                if (read.IsCompleted) return null;
                if (turn.IsOverAfterStep()) await Task.Yield();
                if (read.IsCanceled) return exchange.Cut.IsCancellationRequested ? AttemptErrors.ShuttingDown : Stalled(exchange.Snapshot.Settings.Clocks);
            }
        }
        finally
        {
            patience?.Dispose();
        }
    }

    private static GatewayError Stalled(Clocks clocks) =>
        GatewayError.Timeout($"The request body stopped before its end: nothing came for {clocks.IdleMs} ms (timeouts.idle_ms).");

    private static GatewayError TooLarge(long limit) =>
        new(413, $"The request body is larger than {limit / (1 << 20)} MB, the limit for its kind.", GatewayError.InvalidRequest, "body_too_large");

    private static bool IsJson(string? contentType)
    {
        if (contentType is null) return false;
        var type = MediaType(contentType);
        return type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsMultipart(string? contentType) => contentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true;

    private static string MediaType(string contentType)
    {
        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? contentType : contentType[..end]).Trim();
    }
}
