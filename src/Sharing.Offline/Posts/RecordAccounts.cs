using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Accounts in records: <c>account/{owner}/{network}</c>, and by what each is called there. Thread-safe singleton.</summary>
public sealed class RecordAccounts(IRecordStore records, Outbox outbox) : IAccounts
{
    const int MaxNetwork = 40; // no publisher has a longer name

    /// <inheritdoc/>
    public async Task ConnectAsync(PersonId actor, string network, AccountToken login, CancellationToken cancellationToken = default)
    {
        var publisher = outbox.Publishers.FirstOrDefault(p => p.Traits.Network == network) ?? throw Resources.Invalid("This host publishes at no network of that name.");
        var traits = publisher.Traits;
        if (!traits.NeedsAccount)
        {
            throw Resources.Invalid($"{network} is part of this server: there is nothing to connect.");
        }

        if (login.Token is { Length: > 4000 } || login.Name is { Length: > 500 })
        {
            throw Resources.Invalid("A token has at most 4,000 characters, a name at most 500.");
        }

        if (login.Server is { } server && !(server.IsAbsoluteUri && server.Scheme is "http" or "https" && server.OriginalString.Length <= Resource.MaxAddressLength))
        {
            throw Resources.Invalid("A server is an absolute http or https address.");
        }

        var account = new Account { Owner = actor, Network = network, Server = login.Server, Name = login.Name, Token = login.Token };
        account = publisher is IAccountSignIn door ? await door.SignInAsync(account, cancellationToken) : account;
        var kept = new StoredAccount(account.Token, account.Server, account.Name, account.Id is { } known && CanBeFound(known) ? known : null);
        await records.ChangeAsync(
            async batch =>
            {
                var before = await records.GetAsync(KeyOf(actor, network), OfflineJson.Default.StoredAccount, cancellationToken);
                batch.Put(KeyOf(actor, network), kept, OfflineJson.Default.StoredAccount, before?.Version ?? RecordBatch.Absent);
                if (before?.Value.Id != kept.Id)
                {
                    await ForgetIdAsync(records, batch, actor, network, before?.Value.Id, cancellationToken);
                }

                if (kept.Id is not null)
                {
                    batch.Put(IdKeyOf(network, kept.Id), new AccountOwner(actor), OfflineJson.Default.AccountOwner, RecordBatch.Any);
                }

                return true;
            },
            cancellationToken);
        await foreach (var post in records.ScanAsync(RecordRange.Under("post-by", actor.Value), cancellationToken))
        {
            var id = PostId.Parse(post.Key.Part(2));
            var line = await records.GetAsync(StoredLine.KeyOf(id, network), OfflineJson.Default.StoredLine, cancellationToken);
            if (line?.Value.Line.State == PublishState.NeedsLogin)
            {
                await outbox.RetryAsync(actor, id, network, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<bool> DisconnectAsync(PersonId actor, string network, CancellationToken cancellationToken = default) =>
        network.Length is > 0 and <= MaxNetwork && await ForgetAsync(records, actor, network, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NetworkState>> ListAsync(PersonId actor, CancellationToken cancellationToken = default)
    {
        var networks = new List<NetworkState>();
        foreach (var traits in outbox.Publishers.Select(p => p.Traits).OrderBy(t => t.Network, StringComparer.Ordinal))
        {
            var account = (await records.GetAsync(KeyOf(actor, traits.Network), OfflineJson.Default.StoredAccount, cancellationToken))?.Value;
            networks.Add(new(traits.Network, !traits.NeedsAccount || account is not null, traits.Audiences, traits.NeedsAccount, account?.Server, account?.Name, traits.HasServers, traits.HasNames, traits.NeedsToken));
        }

        return networks;
    }

    /// <summary>Forgets an account.</summary>
    /// <returns>Whether there was one.</returns>
    internal static Task<bool> ForgetAsync(IRecordStore records, PersonId owner, string network, CancellationToken cancellationToken) => records.ChangeAsync(
        async batch =>
        {
            var key = KeyOf(owner, network);
            if (await records.GetAsync(key, OfflineJson.Default.StoredAccount, cancellationToken) is not { } account)
            {
                return false;
            }

            await ForgetIdAsync(records, batch, owner, network, account.Value.Id, cancellationToken);
            batch.Delete(key, account.Version);
            return true;
        },
        cancellationToken);

    /// <summary>Whether an id is short enough to be found by; every one that we know is.</summary>
    internal static bool CanBeFound(string id) => id.Length is > 0 and <= 300;

    /// <summary>Whose an account is: <c>account-owner/{network}/{id}</c>; of several who connected the same one, the last.</summary>
    internal static RecordKey IdKeyOf(string network, string id) => RecordKey.Of("account-owner", network, id);

    static async Task ForgetIdAsync(IRecordStore records, RecordBatch batch, PersonId actor, string network, string? id, CancellationToken cancellationToken)
    {
        if (id is not null && await records.GetAsync(IdKeyOf(network, id), OfflineJson.Default.AccountOwner, cancellationToken) is { } owner && owner.Value.Owner == actor)
        {
            batch.Delete(IdKeyOf(network, id), owner.Version);
        }
    }

    internal static RecordKey KeyOf(PersonId owner, string network) => RecordKey.Of("account", owner.Value, network);
}
