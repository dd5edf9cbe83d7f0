using Sharing.Trials;
using Sharing.Trials.Apk;

namespace Sharing.Tests.Apps.Packages;

public sealed class ApkTrialTests
{
    [Fact]
    [Trait("Row", "A6")]
    public async Task Five_hundred_mutations_of_each_part_give_one_kind_of_fault_and_none_takes_a_second()
    {
        var trial = new ApkTrial { Mutations = 500 };
        for (var i = 0; i < PackageMutation.Subjects.Length; i++)
        {
            var outcome = await TrialRunner.RunOnceAsync(trial, i, 7, TestContext.Current.CancellationToken);
            Assert.True(outcome.Failure is null, $"{PackageMutation.Subjects[i]}: {outcome.Failure}");
            Assert.True((int)outcome.Facts["refused"]! > 0, $"{PackageMutation.Subjects[i]}: nothing was refused");
        }
    }
}
