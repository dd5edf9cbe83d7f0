namespace Sharing.Social;

/// <summary>What publishers remember of accounts, in this process: no records. Other hosts on the same records remember it until they are started anew, or others take its room.</summary>
sealed class SessionsPersonalData(IEnumerable<ISocialPublisher> publishers) : IPersonalData
{
    public string Name => "network-sessions";

    public IReadOnlyCollection<string> RecordKinds => [];

    public Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken) => Task.CompletedTask; // they are secrets

    public Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        foreach (var publisher in publishers.OfType<IAccountMemory>())
        {
            publisher.Forget(person);
        }

        return Task.FromResult(true);
    }
}
