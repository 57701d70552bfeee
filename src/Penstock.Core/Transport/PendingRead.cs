using System.IO.Pipelines;

namespace Penstock.Transport;

/// <summary>Ends the wait for a client's bytes.</summary>
internal static class PendingRead
{
    /// <summary>The read that waits, or the next one, comes back and says that it was cancelled.</summary>
    /// <remarks>
    /// Instead of a token: the server takes a read that a token ended for one that still runs, and then breaks the
    /// connection instead of answering. Never throws, since timers and tokens call it.
    /// </remarks>
    public static void End(PipeReader client)
    {
        try
        {
            client.CancelPendingRead();
        }
        catch (Exception)
        {
            // The client left or the request is over: no read waits any more.
        }
    }
}
