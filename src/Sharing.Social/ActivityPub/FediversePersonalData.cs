using Sharing.Core;

namespace Sharing.Social;

/// <summary>What is kept of somebody who takes part in the fediverse. When he is erased nobody finds him here from that moment on, and the servers of those who followed him are told that he is gone:
/// they delete what they have of him. His key is kept until all of them have heard it, or have been away for three days.</summary>
/// <remarks>What stays is a digest of the name that he had (<c>ap-gone</c>), so that his address is answered with 410, and nobody else comes to be taken for him.</remarks>
sealed class FediversePersonalData(IRecordStore records, Actors actors, ActivityDocuments documents, Deliveries deliveries, TimeProvider time) : IPersonalData
{
    static readonly TimeSpan s_patience = TimeSpan.FromDays(3);

    readonly OwnPosts _notes = Actors.Notes(records);

    public string Name => "fediverse";

    public IReadOnlyCollection<string> RecordKinds => ["ap-actor", "ap-actor-of", "ap-follower", "ap-note", "ap-note-by", "ap-response", "ap-response-of", "ap-dead"];

    public async Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken)
    {
        var actor = await actors.KeptOfAsync(person, cancellationToken);
        await archive.AddListAsync("notes", NotesOfAsync(person, actor, cancellationToken).Select(static note => note.Value), FederationJson.Default.StoredNote, cancellationToken);
        await archive.AddListAsync(
            "responses-of-others", NotesOfAsync(person, actor, cancellationToken).SelectMany(note => records.ScanAsync(ResponsesTo(note.Value), FederationJson.Default.PostResponse, cancellationToken)).Select(static one => one.Value),
            FederationJson.Default.PostResponse, cancellationToken);
        if (actor is null)
        {
            return;
        }

        await archive.AddListAsync("actor", new[] { actor }.ToAsyncEnumerable().Select(one => new PersonalActor(one.Name, actors.IdOf(one.Name), one.Since)), PersonalSocialJson.Default.PersonalActor, cancellationToken);
        await archive.AddListAsync(
            "followers", records.ScanAsync(Actors.FollowersOf(actor.Name), FederationJson.Default.StoredFollower, cancellationToken).Select(static one => one.Value), FederationJson.Default.StoredFollower, cancellationToken);
        await archive.AddListAsync("responses", ResponsesByAsync(actor, cancellationToken).Select(static one => one.Value), FederationJson.Default.PostResponse, cancellationToken);
        await archive.AddListAsync(
            "not-delivered", DeadLettersOfAsync(actor, cancellationToken).Select(static one => new PersonalDeadLetter(one.Value.Inbox, one.Value.Reason, one.Value.At)), PersonalSocialJson.Default.PersonalDeadLetter, cancellationToken);
    }

    public async Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var actor = await actors.KeptOfAsync(person, cancellationToken);
        var isClean = actor is not { Gone: null }; // something may be under way in his name: what was found is looked for once more
        if (actor is not null)
        {
            await actors.LeaveAsync(actor, cancellationToken);
            await TellAsync(actor, cancellationToken);
        }

        await foreach (var note in NotesOfAsync(person, actor, cancellationToken))
        {
            isClean = false;
            await records.DeleteAllAsync(KeysOfAsync(records.ScanAsync(ResponsesTo(note.Value), FederationJson.Default.PostResponse, cancellationToken)), cancellationToken);
            await _notes.DeleteAsync(note, cancellationToken);
        }

        if (actor is null)
        {
            return isClean;
        }

        await records.DeleteAllAsync(ResponsesByAsync(actor, cancellationToken).Select(static one => one.Key), cancellationToken);
        isClean &= await HaveHeardAsync(actor, since, cancellationToken);
        await records.DeleteAllAsync(DeadLettersOfAsync(actor, cancellationToken).Select(static one => one.Key), cancellationToken); // after the deliveries: they become these
        if (isClean)
        {
            await actors.DeleteAsync(actor, cancellationToken);
            documents.ForgetKey(actor);
        }

        return isClean;
    }

    /// <summary>Has those told who follow him, and those to whom something of his is on its way, in its stead.</summary>
    async Task TellAsync(StoredActor actor, CancellationToken cancellationToken)
    {
        var activity = documents.Leaving(actor);
        await deliveries.FanOutAsync(actor.Name, activity, [], cancellationToken);
        await records.DeleteAllAsync(Actors.FollowersOf(actor.Name), cancellationToken); // who is not there any more has been told
        await foreach (var (id, delivery) in deliveries.NamingAsync(actor, cancellationToken).Where(item => item.Id != Deliveries.IdOf(activity, item.Delivery.Inbox)))
        {
            await records.ChangeAsync(
                async batch =>
                {
                    await deliveries.ScheduleAsync(batch, actor.Name, delivery.Inbox, activity, cancellationToken);
                    await deliveries.Queue.RemoveAsync(batch, id, cancellationToken);
                    return true;
                },
                cancellationToken);
        }
    }

    /// <summary>Whether all have been told; who was not to be reached for so long is not told any more.</summary>
    async Task<bool> HaveHeardAsync(StoredActor actor, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var all = true;
        await foreach (var (id, _) in deliveries.NamingAsync(actor, cancellationToken))
        {
            all = false;
            if (time.GetUtcNow() < since + s_patience)
            {
                break;
            }

            await records.ChangeAsync(
                async batch =>
                {
                    await deliveries.Queue.RemoveAsync(batch, id, cancellationToken);
                    return true;
                },
                cancellationToken);
        }

        return all;
    }

    IAsyncEnumerable<Versioned<StoredNote>> NotesOfAsync(PersonId person, StoredActor? actor, CancellationToken cancellationToken) =>
        _notes.AllAsync(cancellationToken).Where(note => note.Value.Post.Author == person || note.Value.Actor == actor?.Name);

    /// <summary>What he wrote about posts of others here.</summary>
    IAsyncEnumerable<Versioned<PostResponse>> ResponsesByAsync(StoredActor actor, CancellationToken cancellationToken)
    {
        var id = actors.IdOf(actor.Name);
        return records.ScanAsync(Actors.Responses, FederationJson.Default.PostResponse, cancellationToken).Where(one => one.Value.Address?.OriginalString == id);
    }

    IAsyncEnumerable<Versioned<StoredDeadLetter>> DeadLettersOfAsync(StoredActor actor, CancellationToken cancellationToken) =>
        records.ScanAsync(Deliveries.DeadLetters, FederationJson.Default.StoredDeadLetter, cancellationToken).Where(one => deliveries.Names(one.Value.Activity, actor));

    static RecordRange ResponsesTo(StoredNote note) => Actors.ResponsesTo(note.Post.Key);

    /// <summary>Responses, and what says to which post they belong.</summary>
    static async IAsyncEnumerable<RecordKey> KeysOfAsync(IAsyncEnumerable<Versioned<PostResponse>> responses)
    {
        await foreach (var response in responses)
        {
            yield return response.Key;
            yield return Actors.ResponseOfKey(response.Value.Id);
        }
    }
}
