using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Penstock.Transport;

namespace Penstock.Pipeline;

/// <summary>Makes one upstream call and judges its answer.</summary>
internal sealed partial class AttemptRunner(UpstreamPool pool, TimeProvider time, ILogger<AttemptRunner> logger)
{
    /// <param name="mayRepeat">
    /// Whether another attempt could follow: then the answer is held back until it has shown that it is one.
    /// </param>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome> RunAsync(PreparedCall call, bool mayRepeat)
    {
        var exchange = call.Exchange;
        var clock = new AttemptClock(time, call.Clocks, exchange.ClientGone, exchange.Cut);
        HttpResponseMessage? response = null;
        try
        {
            response = await SendAsync(call, clock);
            clock.HeadersArrived();
            return await ReplyJudge.OpenAsync(call, response, clock, mayRepeat);
        }
        catch (Exception e) when (!exchange.ClientGone.IsCancellationRequested)
        {
            response?.Dispose();
            clock.Dispose();
            var error = Explain(call, clock.End, e);
            LogFailed(exchange.TraceId, call.Provider.Id, error.Status, error.Message);
            return clock.End == AttemptEnd.Cut || error.Status is >= 400 and < 500 and not 408
                ? Outcome.Refused(call.Leaf, call.Provider, error)
                : Outcome.Failed(call.Leaf, call.Provider, error, isNetworkFailure: error.Status != 408);
        }
        catch
        {
            response?.Dispose();
            clock.Dispose();
            throw new OperationCanceledException(exchange.ClientGone);
        }
    }

    /// <summary>
    /// A provider may close a kept-alive connection in the moment in which we write to it. Then nothing was answered,
    /// and the request goes out once more on a connection of its own.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<HttpResponseMessage> SendAsync(PreparedCall call, AttemptClock clock)
    {
        var message = call.CreateMessage(clock);
        BodyInFlight.Begin(message);
        try
        {
            return await pool.For(call.CallerNamedHost, fresh: false).SendAsync(message, clock.Token);
        }
        catch (Exception e) when (
            clock.End == AttemptEnd.None
            && call.Exchange.CanRepeat
            && UpstreamFault.IsDeadConnection(e))
        {
            message.Dispose();
            clock.ConnectAgain();
            message = call.CreateMessage(clock);
            BodyInFlight.Begin(message);
            return await pool.For(call.CallerNamedHost, fresh: true).SendAsync(message, clock.Token);
        }
    }

    private static GatewayError Explain(PreparedCall call, AttemptEnd end, Exception exception)
    {
        if (call.Exchange.Upload is { } upload)
        {
            if (upload.IsTooLarge) return GatewayError.TooLarge(upload.MaxBytes);
            if (end == AttemptEnd.Upload) return GatewayError.Stalled(upload.IdleMs);
            if (upload.ClientFault is not null && end == AttemptEnd.None) return GatewayError.BadRequest("The upload broke off before its end: send it again.");
        }

        return AttemptErrors.Of(end, call.Provider.Id, call.Clocks, exception);
    }

    [LoggerMessage(LogLevel.Warning, "{TraceId}: {Provider} failed with {Status}: {Message}")]
    private partial void LogFailed(string traceId, string provider, int status, string message);
}
