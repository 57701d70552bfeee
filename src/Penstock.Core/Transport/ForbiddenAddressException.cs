namespace Penstock.Transport;

/// <summary>A host that a caller named leads to an address that may not be called.</summary>
internal sealed class ForbiddenAddressException(string host) : Exception($"The host '{host}' leads to an address that may not be called. Add it to 'trusted_hosts' in penstock.json if it is yours.");
