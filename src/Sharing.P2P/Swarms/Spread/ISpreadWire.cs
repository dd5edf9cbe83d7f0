namespace Sharing.P2P;

/// <summary>Carries a question to another terminal. Thread-safe.</summary>
interface ISpreadWire
{
    /// <summary>Asks, and gives the answer.</summary>
    /// <exception cref="Exception">It cannot be reached, or does not answer.</exception>
    Task<byte[]> AskAsync(SwarmMember partner, string ticket, byte[] question, CancellationToken cancellationToken);
}
