namespace Sharing.Messaging;

/// <summary>A way to a terminal that is not listening just now (row M3): brings it a few words, whereupon it fetches its messages. Thread-safe singleton.</summary>
/// <remarks>Called from a durable queue, one attempt at a time. An exception is a fault of a moment: the attempt is made again.</remarks>
public interface INetworkBearer
{
    /// <summary>Its name: lower-case letters, digits and hyphens, e.g. "ip" or "sms".</summary>
    string Name { get; }

    /// <summary>The one spelling of an address; <c>null</c>: that is none.</summary>
    string? AddressOf(string typed);

    /// <summary>Brings words to an address.</summary>
    /// <param name="address">The address, in its one spelling.</param>
    /// <param name="words">What to bring.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it was taken; <c>false</c>: it never will be.</returns>
    Task<bool> BringAsync(string address, BearerWords words, CancellationToken cancellationToken = default);
}
