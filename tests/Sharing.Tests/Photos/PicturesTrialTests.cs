using Sharing.Trials;
using Sharing.Trials.Photos;

namespace Sharing.Tests.Photos;

/// <summary>The quick form of the trial `pictures`: our own pictures and bombs, instead of other projects' two thousand.</summary>
public sealed class PicturesTrialTests
{
    [Fact, Trait("Row", "F4"), Trait("Row", "F13")]
    public async Task Our_pictures_and_bombs_are_kept_as_they_are_and_end_no_host()
    {
        await using var trial = new PicturesTrial { Folder = Path.GetDirectoryName(Path.GetDirectoryName(PictureFiles.Picture("photo.jpg"))) };
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < trial.Count; i++)
        {
            var outcome = await trial.RunAsync(i, new Random(i), TestContext.Current.CancellationToken);
            Assert.Null(outcome.Failure);
            foreach (var (name, value) in outcome.Facts)
            {
                counts[name] = counts.GetValueOrDefault(name) + (int)double.Parse(value!.ToString(), System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        Assert.True(counts["Ready"] > 20 && counts["Refused"] > 10 && counts["copies"] > 20, string.Join(", ", counts));
    }
}
