using System.Text.Json.Nodes;
using Sharing.Trials.S3;

namespace Sharing.Trials;

/// <summary>Two hosts keep contents in an S3 store that is slow, silent, wrong about what it did, or late with its lists; or one of them dies (row D2).</summary>
sealed class S3Trial : ITrial
{
    public string Name => "s3";

    public int Count => 1_000;

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        var (trouble, facts) = (Enum.GetValues<S3Trouble>()[trial % Enum.GetValues<S3Trouble>().Length], new JsonObject());
        await using var course = new S3Course(trouble, random, facts);
        return new(await course.RunAsync(cancellationToken), facts);
    }
}
