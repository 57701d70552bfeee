namespace Penstock.Transport;

/// <summary>Why an attempt was ended from our side.</summary>
internal enum AttemptEnd
{
    None,
    Connect,
    Headers,
    FirstToken,
    Idle,
    Total,

    /// <summary>The caller stopped in the middle of its upload.</summary>
    Upload,

    /// <summary>The caller left.</summary>
    ClientGone,

    /// <summary>Penstock shuts down and the grace period is over.</summary>
    Cut,
}
