namespace Sharing.Social;

/// <summary>A publisher that remembers accounts in memory: their sessions, or their ids at the network. Thread-safe.</summary>
interface IAccountMemory
{
    /// <summary>Forgets the accounts of a person.</summary>
    void Forget(PersonId person);
}
