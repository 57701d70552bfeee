using System.Buffers;
using Microsoft.AspNetCore.Http;
using Penstock.Dialects.OpenAi;
using Penstock.Pipeline;
using Penstock.Providers;

namespace Penstock.Http;

/// <summary>Answers the client with an outcome.</summary>
internal static class ReplyWriter
{
    /// <summary>A provider's error text is kept whole up to here.</summary>
    private const int MaxErrorBytes = 1 << 20;

    /// <exception cref="OperationCanceledException">The client left.</exception>
    public static async Task WriteAsync(HttpContext context, Exchange exchange, Outcome outcome)
    {
        ReplyHeaders.AddRoute(context.Response.Headers, outcome);
        if (outcome.Error is { } error)
        {
            await WriteErrorAsync(context, error);
            return;
        }

        var reply = outcome.Reply!;
        if (!outcome.IsSuccess && exchange.Operation is not (Operation.Proxy or Operation.Messages))
        {
            await WriteProviderErrorAsync(context, outcome.Provider!, reply);
            return;
        }

        var response = context.Response;
        response.StatusCode = reply.Status;
        ReplyHeaders.CopyFrom(reply.Message, response.Headers, withBody: true, reply.SentKey);
        if (!outcome.IsSuccess && reply.SentKey is { IsGateways: true })
        {
            await HoldErrorAsync(context, reply);
            reply.MaskKey();
        }

        var hasBody = !HttpMethods.IsHead(context.Request.Method) && reply.Status is not (204 or 205 or 304);
        if (hasBody && reply.Watcher is not null)
        {
            // Proxies in front of us must not collect a stream.
            response.Headers["X-Accel-Buffering"] = "no";
            var stream = new PreparedStream(outcome.Provider!.Id, exchange.Operation, reply.Clocks);
            await response.StartAsync(exchange.ClientGone);
            await StreamRelay.CopyAsync(reply, response.BodyWriter, stream, exchange.ClientGone);
            return;
        }

        // A length beside chunks is not the body's (RFC 9112, section 6.3), and the two statuses take none.
        var isLength = !reply.IsDecoded && reply.Message.Headers.TransferEncodingChunked != true && reply.Status is not (204 or 205);
        if (isLength) response.ContentLength = reply.Message.Content.Headers.ContentLength;
        if (!hasBody) return;
        try
        {
            await BodyRelay.CopyAsync(reply, response.BodyWriter, exchange.ClientGone);
        }
        catch (Exception e) when (!exchange.ClientGone.IsCancellationRequested)
        {
            if (!response.HasStarted)
            {
                ReplyHeaders.Withdraw(reply.Message, response.Headers);
                await WriteErrorAsync(context, AttemptErrors.Of(reply.Clock.End, outcome.Provider!.Id, reply.Clocks, e));
                return;
            }

            // The status is out; only a broken connection can still say that the body is not whole.
            context.Abort();
        }
    }

    public static Task WriteErrorAsync(HttpContext context, GatewayError error)
    {
        ReplyHeaders.AddNoRoute(context.Response.Headers);
        var isAnthropics = context.Request.Path.StartsWithSegments("/v1/messages", StringComparison.Ordinal);
        return WriteJsonAsync(context, error.Status, error.ProviderBody ?? ErrorBody.Write(error, isAnthropics));
    }

    private static async Task WriteProviderErrorAsync(HttpContext context, ProviderRow provider, UpstreamReply reply)
    {
        await HoldErrorAsync(context, reply);
        ReplyHeaders.CopyFrom(reply.Message, context.Response.Headers, withBody: false, reply.SentKey);
        var type = reply.Message.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types) ? types.ToString() : null;
        var body = ProviderError.Normalise(provider.Id, reply.Status, type, reply.HeldMemory);
        reply.SentKey?.Mask(body);
        await WriteJsonAsync(context, reply.Status, body);
    }

    private static async Task HoldErrorAsync(HttpContext context, UpstreamReply reply)
    {
        try
        {
            while (!reply.IsAtEnd && reply.HeldBytes < MaxErrorBytes) await reply.ReadAsync();
        }
        catch (Exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The status is what counts; of its text we pass what came.
        }
    }

    private static async Task WriteJsonAsync(HttpContext context, int status, byte[] body)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        if (HttpMethods.IsHead(context.Request.Method)) return;
        response.BodyWriter.Write(body);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
