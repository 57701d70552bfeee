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

    /// <summary>Operations whose body is JSON if there is one: some of their paths take none.</summary>
    private static bool TakesJson(Operation operation) =>
        IsJsonOnly(operation) || operation is Operation.Responses or Operation.Messages or Operation.Batches or Operation.FineTuning;

    /// <returns>Null, or what is wrong with the headers that describe the body.</returns>
    public static GatewayError? CheckContentType(HttpRequest request, Operation operation)
    {
        var types = request.Headers.ContentType;
        if (types.Count > 1) return Unfit("The header 'Content-Type' is there twice. Send it once.");
        if (types.Count == 1 && types[0] is { Length: > 0 } type)
        {
            if (!HeaderGate.IsSafe(type)) return Unfit("The header 'Content-Type' holds control characters. Take them out.");
            if (!IsJson(type))
            {
                if (IsJsonOnly(operation) || (TakesJson(operation) && HasBody(request))) return Unfit($"The content type '{ShortText.Of(MediaType(type))}' does not fit this route: send application/json.");
            }
            else if (!IsUtf8(type))
            {
                return Unfit("JSON is read as UTF-8, and the header 'Content-Type' names another charset. Send UTF-8 and leave 'charset' out.");
            }
        }

        return operation != Operation.Proxy && IsEncoded(request) && HasBody(request)
            ? new GatewayError(415, "The body has a 'Content-Encoding', which is not undone on this route. Send it as it is, without one.", GatewayError.InvalidRequest, "unsupported_content_encoding", "content-encoding")
            : null;
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

        var takesJson = TakesJson(exchange.Operation);
        var isJson = IsJson(request.ContentType) || (takesJson && string.IsNullOrEmpty(request.ContentType));
        var limit = isJson ? limits.JsonBytes : IsSmallForm(request.ContentType, exchange.Operation) ? limits.MultipartBytes : limits.UploadBytes;
        if (request.ContentLength > limit) return GatewayError.TooLarge(limit);
        if (!isJson && (request.ContentLength is null || request.ContentLength > limits.ReplayBytes))
        {
            exchange.Upload = new StreamedBody(request.BodyReader, request.ContentLength, limit, exchange.Snapshot.Settings.ClientMs);
            return null;
        }

        var lease = new BodyLease((int)(request.ContentLength ?? 4096));
        exchange.Body = lease;
        if (await FillAsync(request, exchange, lease, limit, time) is { } fault) return fault;
        if (!isJson) return null;
        exchange.ContentType ??= "application/json";
        if (lease.Length > MaxAtOnceBytes) await Task.Yield();
        return Scan(exchange, lease, takesJson);
    }

    private static GatewayError? Scan(Exchange exchange, BodyLease lease, bool takesJson)
    {
        try
        {
            exchange.Scan = BodyScanPool.Read(lease.Memory);
            return null;
        }
        catch (BodyException e)
        {
            var fault = GatewayError.BadRequest(e.Message, code: "invalid_json");
            if (takesJson || e.IsAmbiguous) return fault;

            // On an untyped path the provider is the one to judge, as long as no config asks us to change the body.
            exchange.BodyFault = fault;
            return null;
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
                if (!reading.IsCompleted) (patience ??= new BodyPatience(reader, time, exchange.Snapshot.Settings.ClientMs, exchange.Cut)).Begin();
                var read = await reading;
                var isTooLarge = lease.Length + read.Buffer.Length > limit;
                if (!isTooLarge)
                {
                    foreach (var segment in read.Buffer) lease.Append(segment.Span);
                }

                reader.AdvanceTo(read.Buffer.End);
                if (isTooLarge) return GatewayError.TooLarge(limit);
                if (read.IsCompleted) return null;
                if (turn.IsOverAfterStep()) await Task.Yield();
                if (read.IsCanceled) return exchange.Cut.IsCancellationRequested ? AttemptErrors.ShuttingDown : GatewayError.Stalled(exchange.Snapshot.Settings.ClientMs);
            }
        }
        catch (Exception e) when (!exchange.ClientGone.IsCancellationRequested && e is (IOException or OverflowException) and not BadHttpRequestException)
        {
            // What the server says to some broken chunk sizes, where it calls others a bad request.
            return GatewayError.BadRequest("The request body could not be read: its framing is broken.", code: "invalid_body");
        }
        finally
        {
            patience?.Dispose();
        }
    }

    private static bool IsJson(string? contentType)
    {
        if (contentType is null) return false;
        var type = MediaType(contentType);
        return type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A form with a recording or an image in it. Files travel in forms too, but are as large as files.</summary>
    private static bool IsSmallForm(string? contentType, Operation operation) =>
        operation != Operation.Files && contentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Other readers may go by the charset: what we scan as UTF-8 would be another text to them.</summary>
    private static bool IsUtf8(string contentType)
    {
        var rest = contentType.AsSpan();
        for (var at = rest.IndexOf(';'); at >= 0; at = rest.IndexOf(';'))
        {
            rest = rest[(at + 1)..];
            var parameter = rest.TrimStart();
            if (!parameter.StartsWith("charset", StringComparison.OrdinalIgnoreCase)) continue;
            parameter = parameter["charset".Length..].TrimStart();
            if (!parameter.StartsWith("=")) continue;
            parameter = parameter[1..];
            var end = parameter.IndexOf(';');
            var name = (end < 0 ? parameter : parameter[..end]).Trim(" \t\"'");
            if (!name.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !name.Equals("utf8", StringComparison.OrdinalIgnoreCase) && !name.Equals("us-ascii", StringComparison.OrdinalIgnoreCase)) return false;
        }

        return true;
    }

    private static bool IsEncoded(HttpRequest request) =>
        request.Headers.ContentEncoding is { Count: > 0 } codings && !codings.ToString().AsSpan().Trim().Equals("identity", StringComparison.OrdinalIgnoreCase);

    private static bool HasBody(HttpRequest request) => request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0;

    private static GatewayError Unfit(string message) => GatewayError.BadRequest(message, "content-type", "invalid_content_type");

    private static string MediaType(string contentType)
    {
        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? contentType : contentType[..end]).Trim();
    }
}
